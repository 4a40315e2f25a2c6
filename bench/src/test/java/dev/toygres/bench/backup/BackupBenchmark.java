package dev.toygres.bench.backup;

import dev.toygres.api.OperationStep;
import dev.toygres.bench.Report;
import dev.toygres.client.ToygresClient;
import dev.toygres.e2e.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A full backup of a pgbench database by the product, by the bare engine with the same settings,
 * and by pg_basebackup, by turns on the same disk; its restore by the product and by hand; and how
 * long a small restore takes from the request to the first query. Prints the rows of
 * docs/benchmarks/backup.md.
 */
@Tag("bench")
class BackupBenchmark {
    /** Of pgbench: 15 MB each. */
    private static final int SCALE = Integer.getInteger("toygres.megabytes", 2048) / 15;

    private static final int ROUNDS = Integer.getInteger("toygres.rounds", 5);

    private final List<Long> whole = new ArrayList<>();
    private final List<Long> copied = new ArrayList<>();
    private final List<Long> bare = new ArrayList<>();
    private final List<Long> base = new ArrayList<>();
    private final List<Long> large = new ArrayList<>();
    private final List<Long> bareLarge = new ArrayList<>();
    private final List<Long> fetched = new ArrayList<>();
    private final List<Long> restored = new ArrayList<>();

    @Test
    void measure() throws Exception {
        Report.load("before");
        try (Home home = Home.up(1);
                ToygresClient client = home.client()) {
            Path store = BackedUp.store(home);
            try (PlainServer plain = new PlainServer(store)) {
                BackedUp.create(home, client, "big", store);
                BackedUp.fill(home, client, "big", SCALE);
                plain.fill(SCALE);
                for (int round = 0; round < ROUNDS; round++) {
                    bare.add(plain.bareEngine());
                    ours(client);
                    base.add(plain.baseBackup());
                }
            }
            Report.load("in the middle");
            largeRestores(home, client, store);
            smallRestores(home, client, store);
        }
        print();
        Report.load("after");
    }

    /** All of it, verification included; and the step that copies, which the engine is part of. */
    private void ours(ToygresClient client) throws IOException {
        long began = System.nanoTime();
        String operation = BackedUp.full(client, "big");
        whole.add(Duration.ofNanos(System.nanoTime() - began).toMillis());
        copied.add(
                client.listOperationSteps(operation).stream()
                        .filter(step -> step.name().equals("take-backup-1"))
                        .map(BackupBenchmark::millis)
                        .findFirst()
                        .orElseThrow());
    }

    private static long millis(OperationStep step) {
        return Duration.between(step.startedAt(), step.endedAt().orElseThrow()).toMillis();
    }

    private void largeRestores(Home home, ToygresClient client, Path store) throws IOException {
        Path repository = BackedUp.repository(store);
        for (int round = 0; round < ROUNDS; round++) {
            String id = "large-" + round;
            large.add(PlainServer.timed(() -> BackedUp.restore(home, client, "big", id)));
            client.deleteInstance(id).await(BackedUp.LONG);
            BareRestore.Took took = BareRestore.run(repository, BackedUp.settings(home, "big"));
            fetched.add(took.fetch());
            bareLarge.add(took.fetch() + took.replay());
        }
    }

    private void smallRestores(Home home, ToygresClient client, Path store) throws Exception {
        BackedUp.create(home, client, "small", store);
        BackedUp.full(client, "small");
        for (int round = 0; round < ROUNDS; round++) {
            String id = "copy-" + round;
            restored.add(PlainServer.timed(() -> BackedUp.restore(home, client, "small", id)));
            client.deleteInstance(id).await(BackedUp.LONG);
        }
    }

    private void print() {
        System.out.printf("pgbench scale %d, about %d MB%n", SCALE, SCALE * 15);
        Report.row("full backup: bare engine, zst 3", bare);
        Report.row("full backup: the product's step that copies", copied);
        Report.row("full backup: the product, verified and listed", whole);
        Report.row("full backup: pg_basebackup -Ft to disk", base);
        Report.row("restore: the product, request to first query", large);
        Report.row("restore: bare engine and Postgres", bareLarge);
        Report.row("of which the engine's fetch", fetched);
        Report.row("small restore, request to first query", restored);
        System.out.printf(
                "copying: %.2f of the bare engine, %.2f of pg_basebackup; with verification %.2f of the bare engine; %.0f MB/s%n",
                ratio(copied, bare),
                ratio(copied, base),
                ratio(whole, bare),
                SCALE * 15 * 1000.0 / Report.median(copied));
        System.out.printf(
                "restoring: %.2f of the bare engine; %.0f MB/s%n",
                ratio(large, bareLarge), SCALE * 15 * 1000.0 / Report.median(large));
    }

    private static double ratio(List<Long> one, List<Long> other) {
        return (double) Report.median(one) / Report.median(other);
    }
}
