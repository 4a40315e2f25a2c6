package dev.toygres.bench.backup;

import dev.toygres.api.BackupConfig;
import dev.toygres.api.BackupScheduleConfig;
import dev.toygres.api.BackupStorage;
import dev.toygres.api.BackupType;
import dev.toygres.api.CreateBackupRequest;
import dev.toygres.api.Credentials;
import dev.toygres.api.OperationStep;
import dev.toygres.api.RestoreInstanceConfig;
import dev.toygres.api.RestoreRequest;
import dev.toygres.api.RestoreTarget;
import dev.toygres.bench.Report;
import dev.toygres.client.ToygresClient;
import dev.toygres.e2e.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A full backup of a pgbench database by the product, by the bare engine with the same settings,
 * and by pg_basebackup, by turns on the same disk; and how long a small restore takes from the
 * request to the first query. Prints the rows of docs/benchmarks/backup.md.
 */
@Tag("bench")
class BackupBenchmark {
    /** Of pgbench: 15 MB each. */
    private static final int SCALE = Integer.getInteger("toygres.megabytes", 2048) / 15;

    private static final int ROUNDS = Integer.getInteger("toygres.rounds", 5);
    private static final Duration LONG = Duration.ofHours(1);

    private final List<Long> whole = new ArrayList<>();
    private final List<Long> copied = new ArrayList<>();
    private final List<Long> bare = new ArrayList<>();
    private final List<Long> base = new ArrayList<>();
    private final List<Long> restored = new ArrayList<>();

    @Test
    void measure() throws Exception {
        Report.load("before");
        try (Home home = Home.up(1);
                ToygresClient client = home.client()) {
            Path parent = home.directory().toRealPath().resolveSibling("").normalize();
            Path store = Files.createTempDirectory(parent, "store");
            Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rwxrwxrwx"));
            try (PlainServer plain = new PlainServer(parent)) {
                backedUp(home, client, "big", store.resolve("big"));
                fill(home, client, "big");
                plain.fill(SCALE);
                for (int round = 0; round < ROUNDS; round++) {
                    bare.add(plain.bareEngine());
                    ours(client);
                    base.add(plain.baseBackup());
                }
            }
            Report.load("in the middle");
            smallRestores(home, client, store);
        }
        print();
        Report.load("after");
    }

    private static void backedUp(Home home, ToygresClient client, String id, Path store) {
        home.create(id);
        Optional<String> none = Optional.empty();
        BackupStorage storage =
                new BackupStorage(
                        "Local",
                        Optional.of(store.toString()),
                        none,
                        none,
                        none,
                        none,
                        none,
                        none,
                        none,
                        none);
        client.putBackupSchedule(
                        id,
                        new BackupScheduleConfig(
                                "0 2 * * 0",
                                none,
                                none,
                                new BackupConfig(
                                        storage, Optional.empty(), Optional.empty(), none)))
                .await();
    }

    private static void fill(Home home, ToygresClient client, String id) throws Exception {
        Credentials credentials = client.getCredentials(id);
        var address = client.getInstance(id).endpoints().orElseThrow().readWrite();
        ProcessBuilder pgbench =
                new ProcessBuilder(
                        "pgbench",
                        "-i",
                        "-q",
                        "-s",
                        "" + SCALE,
                        "-h",
                        address.host(),
                        "-p",
                        "" + address.port(),
                        "-U",
                        credentials.username(),
                        credentials.database());
        pgbench.environment().put("PGPASSWORD", credentials.password());
        pgbench.environment().put("PGSSLMODE", "require");
        Path log = Files.createTempFile("toygres-bench", ".log");
        Process process = pgbench.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        if (process.waitFor() != 0) {
            throw new AssertionError("pgbench: " + Files.readString(log));
        }
        Files.delete(log);
        try (Connection connection = home.connect(id, false);
                Statement statement = connection.createStatement()) {
            // The first backup is not to write what filling left dirty.
            statement.execute("vacuum");
        }
    }

    /** All of it, verification included; and the step that copies, which the engine is part of. */
    private void ours(ToygresClient client) throws IOException {
        long began = System.nanoTime();
        var operation = client.createBackup("big", full());
        operation.await(LONG);
        whole.add(Duration.ofNanos(System.nanoTime() - began).toMillis());
        copied.add(
                client.listOperationSteps(operation.id()).stream()
                        .filter(step -> step.name().equals("take-backup-1"))
                        .map(BackupBenchmark::millis)
                        .findFirst()
                        .orElseThrow());
    }

    private static long millis(OperationStep step) {
        return Duration.between(step.startedAt(), step.endedAt().orElseThrow()).toMillis();
    }

    private static CreateBackupRequest full() {
        return new CreateBackupRequest(
                new BackupType("Full", Optional.empty(), Optional.empty()), Optional.empty());
    }

    private void smallRestores(Home home, ToygresClient client, Path store) throws Exception {
        backedUp(home, client, "small", store.resolve("small"));
        client.createBackup("small", full()).await(LONG);
        for (int round = 0; round < ROUNDS; round++) {
            String id = "copy-" + round;
            restored.add(PlainServer.timed(() -> restore(home, client, id)));
            client.deleteInstance(id).await(LONG);
        }
    }

    private static void restore(Home home, ToygresClient client, String id) {
        client.startRestore(
                        new RestoreRequest(
                                Optional.empty(),
                                Optional.of("small"),
                                new RestoreTarget(
                                        "NewInstance",
                                        id,
                                        Optional.of(
                                                new RestoreInstanceConfig(
                                                        Optional.empty(),
                                                        Optional.of("nano"),
                                                        Optional.empty(),
                                                        Optional.empty(),
                                                        Optional.empty())),
                                        Optional.empty()),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(true),
                                Optional.empty()))
                .await(LONG);
        try (Connection connection = home.connect(id, false);
                Statement statement = connection.createStatement()) {
            statement.execute("select 1");
        } catch (SQLException cause) {
            throw new AssertionError(cause);
        }
    }

    private void print() {
        System.out.printf("pgbench scale %d, about %d MB%n", SCALE, SCALE * 15);
        Report.row("full backup: bare engine, zst 3", bare);
        Report.row("full backup: the product's step that copies", copied);
        Report.row("full backup: the product, verified and listed", whole);
        Report.row("full backup: pg_basebackup -Ft to disk", base);
        Report.row("small restore, request to first query", restored);
        System.out.printf(
                "copying: %.2f of the bare engine, %.2f of pg_basebackup; with verification %.2f of the bare engine; %.0f MB/s%n",
                ratio(copied, bare),
                ratio(copied, base),
                ratio(whole, bare),
                SCALE * 15 * 1000.0 / Report.median(copied));
    }

    private static double ratio(List<Long> one, List<Long> other) {
        return (double) Report.median(one) / Report.median(other);
    }
}
