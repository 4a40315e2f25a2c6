package dev.toygres.bench.backup;

import dev.toygres.bench.Report;
import dev.toygres.bench.failover.Clients;
import dev.toygres.client.ToygresClient;
import dev.toygres.e2e.Home;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What continuous archiving costs a primary that is as busy as it can be, and how far the archive
 * falls behind it; and how long the replay of a gigabyte of WAL takes, by the product and by hand
 * from the same store. Prints the rows of docs/benchmarks/backup.md.
 */
@Tag("bench")
class ArchiveBenchmark {
    private static final int SCALE = 50;
    private static final int ROUNDS = Integer.getInteger("toygres.rounds", 5);
    private static final int SECONDS = Integer.getInteger("toygres.seconds", 30);
    private static final long REPLAYED = Long.getLong("toygres.megabytes", 1024) << 20;
    private static final long SEGMENT_MB = 16;
    private static final Duration LOOK = Duration.ofMillis(250);

    @Test
    void saturation() throws Exception {
        Report.load("before");
        List<Long> without = new ArrayList<>();
        List<Long> with = new ArrayList<>();
        List<Long> waiting = new ArrayList<>();
        List<Long> caughtUp = new ArrayList<>();
        try (Home home = Home.up(1);
                ToygresClient client = home.client()) {
            home.create("bare");
            BackedUp.create(home, client, "kept", BackedUp.store(home));
            BackedUp.fill(home, client, "bare", SCALE);
            BackedUp.fill(home, client, "kept", SCALE);
            for (int round = 0; round < ROUNDS; round++) {
                without.add(tps(saturate(client, "bare")));
                Eventually.until(BackedUp.LONG, "all is archived", () -> waiting(home) == 0);
                var load = CompletableFuture.supplyAsync(() -> tps(saturate(client, "kept")));
                long most = 0;
                while (!load.isDone()) {
                    most = Math.max(most, waiting(home));
                    LockSupport.parkNanos(LOOK.toNanos());
                }
                with.add(load.join());
                waiting.add(most);
                caughtUp.add(
                        PlainServer.timed(
                                () ->
                                        Eventually.until(
                                                BackedUp.LONG,
                                                "the archive has caught up",
                                                () -> waiting(home) == 0)));
            }
        }
        Report.row("pgbench, no archive, tps", without);
        Report.row("pgbench, archived, tps", with);
        Report.row("most WAL waiting for the archive, MB", waiting);
        Report.row("until the archive had caught up, ms", caughtUp);
        System.out.printf(
                "archiving costs %.1f %% of the transactions%n",
                100 - 100.0 * Report.median(with) / Report.median(without));
        Report.load("after");
    }

    @Test
    void replay() throws Exception {
        Report.load("before");
        List<Long> ours = new ArrayList<>();
        List<Long> bare = new ArrayList<>();
        List<Long> fetched = new ArrayList<>();
        try (Home home = Home.up(1);
                ToygresClient client = home.client()) {
            Path store = BackedUp.store(home);
            BackedUp.create(home, client, "big", store);
            BackedUp.fill(home, client, "big", SCALE);
            BackedUp.full(client, "big");
            long written = write(home, client);
            Eventually.until(BackedUp.LONG, "all is archived", () -> waiting(home, "big") == 0);
            System.out.printf("%d MB of WAL to replay%n", written >> 20);
            Path repository = BackedUp.repository(store);
            for (int round = 0; round < ROUNDS; round++) {
                String id = "copy-" + round;
                ours.add(PlainServer.timed(() -> BackedUp.restore(home, client, "big", id)));
                client.deleteInstance(id).await(BackedUp.LONG);
                BareRestore.Took took = BareRestore.run(repository, BackedUp.settings(home, "big"));
                fetched.add(took.fetch());
                bare.add(took.fetch() + took.replay());
            }
        }
        Report.row("restore with the replay, the product, request to first query", ours);
        Report.row("restore with the replay, by hand", bare);
        Report.row("of which the engine's fetch", fetched);
        System.out.printf(
                "%.2f of what it takes by hand%n",
                (double) Report.median(ours) / Report.median(bare));
        Report.load("after");
    }

    private static String saturate(ToygresClient client, String id) {
        try {
            return BackedUp.pgbench(client, id, "-c8", "-j2", "-T" + SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static long tps(String words) {
        return Math.round(Clients.tps(words));
    }

    private static long waiting(Home home) {
        return waiting(home, "kept");
    }

    /** Megabytes of whole segments that Postgres holds for the archive. */
    private static long waiting(Home home, String id) {
        Path status =
                home.member("host-1", id + "-m1")
                        .resolve("data")
                        .resolve("pg_wal")
                        .resolve("archive_status");
        try (Stream<Path> files = Files.list(status)) {
            return SEGMENT_MB * files.filter(one -> one.toString().endsWith(".ready")).count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Until as much WAL as wanted has come about; answers how much. */
    private static long write(Home home, ToygresClient client) throws Exception {
        String start = position(home);
        long written = 0;
        while (written < REPLAYED) {
            BackedUp.pgbench(client, "big", "-c8", "-j2", "-T10");
            written = since(home, start);
        }
        return written;
    }

    private static String position(Home home) throws SQLException {
        return ask(home, "select pg_current_wal_lsn()::text");
    }

    private static long since(Home home, String start) throws SQLException {
        return Long.parseLong(
                ask(home, "select pg_current_wal_lsn() - '%s'::pg_lsn".formatted(start)));
    }

    private static String ask(Home home, String query) throws SQLException {
        try (Connection connection = home.connect("big", false);
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(query)) {
            answer.next();
            return answer.getString(1);
        }
    }
}
