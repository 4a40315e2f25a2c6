package dev.toygres.bench.durable;

import dev.toygres.testkit.Eventually;
import dev.toygres.testkit.TestDatabase;
import dev.toygres.testkit.TestPostgres;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a step, a start, an event and a sleeper cost; ours and DBOS Transact in one run, by turns:
 * who goes first changes with every round.
 */
@Tag("bench")
class DurableBenchmark {
    private static final int STEPS = 500;
    private static final int ONES = 1000;
    private static final int STARTS = 50;
    private static final int EVENTS = 20;
    private static final int SLEEPERS = Integer.getInteger("bench.sleepers", 10_000);

    private final Figures figures = new Figures();

    private record Side(TestDatabase database, Contender contender) {
        String name() {
            return contender.name();
        }
    }

    @FunctionalInterface
    private interface Measurement {
        void of(Side side, int round) throws Exception;
    }

    @Test
    void sideBySide() throws Exception {
        try (TestDatabase our = TestPostgres.database("bench_durable");
                TestDatabase their = TestPostgres.database("bench_dbos");
                Contender ours = new Ours(our);
                Contender dbos = new Dbos(their)) {
            List<Side> sides = List.of(new Side(our, ours), new Side(their, dbos));
            for (Side side : sides) {
                execute(side.database(), "create extension if not exists pg_stat_statements");
                tellDurability(side);
            }
            byTurns(2, sides, DurableBenchmark::warmUp);
            byTurns(10, sides, this::steps);
            byTurns(6, sides, this::ones);
            byTurns(4, sides, this::starts);
            byTurns(4, sides, this::events);
            byTurns(1, sides, this::sleepers);
            figures.printMedians();
        }
    }

    /** A B B A A B B A ... */
    private static void byTurns(int rounds, List<Side> sides, Measurement measurement)
            throws Exception {
        for (int round = 0; round < rounds; round++) {
            for (Side side : round % 2 == 0 ? sides : sides.reversed()) {
                measurement.of(side, round);
            }
        }
    }

    /** What a commit waits for must be the same for both. */
    private static void tellDurability(Side side) throws SQLException {
        System.out.printf(
                "BENCH %s: synchronous_commit of the database's sessions: %s%n",
                side.name(), text(side.database(), "select current_setting('synchronous_commit')"));
    }

    private static void warmUp(Side side, int round) {
        side.contender().steps("warm-up-" + round, 3 * STEPS);
        run(side.contender(), "warm-up-ones-" + round, ONES);
    }

    private void steps(Side side, int round) throws SQLException {
        TestDatabase database = side.database();
        execute(database, "select pg_stat_statements_reset()");
        double walBefore = number(database, "select pg_current_wal_insert_lsn() - '0/0'::pg_lsn");
        long start = System.nanoTime();
        side.contender().steps("steps-" + round, STEPS);
        double millis = millis(start);
        double wal = number(database, "select pg_current_wal_insert_lsn() - '0/0'::pg_lsn");
        double calls =
                number(
                        database,
                        "select coalesce(sum(calls), 0) from pg_stat_statements s join pg_database"
                                + " d on d.oid = s.dbid where d.datname = current_database()");
        figures.add(side.name(), "a step, ms", millis / STEPS);
        figures.add(side.name(), "statements a step", calls / STEPS);
        figures.add(side.name(), "WAL a step, bytes", (wal - walBefore) / STEPS);
    }

    private void ones(Side side, int round) {
        long start = System.nanoTime();
        run(side.contender(), "ones-" + round, ONES);
        figures.add(side.name(), "one-step orchestrations a second", ONES / (millis(start) / 1000));
    }

    private static void run(Contender contender, String label, int count) {
        var done = new Semaphore(0);
        try (var callers = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < count; i++) {
                String id = label + "-" + i;
                callers.execute(() -> contender.oneStep(id, done::release));
            }
            Waiting.on(done, count);
        }
    }

    private void starts(Side side, int round) {
        var millis = new ArrayList<Double>();
        for (int i = 0; i < STARTS; i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            var begun = new CountDownLatch(1);
            long start = System.nanoTime();
            side.contender().oneStep("start-" + round + "-" + i, begun::countDown);
            Waiting.on(begun);
            millis.add(millis(start));
        }
        percentiles(side, "start to first step", millis);
    }

    private void events(Side side, int round) {
        var heard = new Semaphore(0);
        String id = "listener-" + round;
        side.contender().listener(id, EVENTS, heard::release);
        var millis = new ArrayList<Double>();
        for (int i = 0; i < EVENTS; i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            long start = System.nanoTime();
            side.contender().signal(id);
            Waiting.on(heard, 1);
            millis.add(millis(start));
        }
        percentiles(side, "event to next step", millis);
    }

    private void percentiles(Side side, String what, List<Double> millis) {
        figures.add(side.name(), what + ", p50, ms", Figures.percentile(millis, 50));
        figures.add(side.name(), what + ", p99, ms", Figures.percentile(millis, 99));
    }

    /** The heap is read once the database says of each that it sleeps. */
    private void sleepers(Side side, int round) throws Exception {
        long before = usedMemory();
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        long start = System.nanoTime();
        try (var callers = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < SLEEPERS; i++) {
                String id = "sleeper-" + i;
                callers.execute(() -> side.contender().sleeper(id, Duration.ofDays(1)));
            }
        }
        Eventually.until(Duration.ofMinutes(4), "all sleep", () -> countSleepers(side) == SLEEPERS);
        figures.add(side.name(), "seconds until all sleep", millis(start) / 1000);
        long after = usedMemory();
        figures.add(side.name(), "sleepers, by the database", countSleepers(side));
        figures.add(side.name(), "heap of the sleepers, MB", (after - before) / 1e6);
        figures.add(
                side.name(),
                "more platform threads",
                ManagementFactory.getThreadMXBean().getThreadCount() - threads);
    }

    private static double countSleepers(Side side) {
        try {
            return number(side.database(), side.contender().sleeping());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long usedMemory() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static double millis(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    private static void execute(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static double number(TestDatabase database, String sql) throws SQLException {
        return Double.parseDouble(text(database, sql));
    }

    private static String text(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
