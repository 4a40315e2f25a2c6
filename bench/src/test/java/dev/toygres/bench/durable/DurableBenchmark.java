package dev.toygres.bench.durable;

import dev.toygres.testkit.TestDatabase;
import dev.toygres.testkit.TestPostgres;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a step, a start, an event and a sleeper cost; ours and DBOS Transact in one run. */
@Tag("bench")
class DurableBenchmark {
    private static final int STEPS = 500;
    private static final int ONES = 2000;
    private static final int ROUNDS = 100;
    private static final int SLEEPERS = Integer.getInteger("bench.sleepers", 10_000);

    @Test
    void ours() throws Exception {
        measure("bench_durable", Ours::new);
    }

    @Test
    void dbos() throws Exception {
        measure("bench_dbos", Dbos::new);
    }

    private static void measure(String name, Function<TestDatabase, Contender> make)
            throws Exception {
        try (TestDatabase database = TestPostgres.database(name)) {
            execute(database, "create extension if not exists pg_stat_statements");
            try (Contender contender = make.apply(database)) {
                contender.steps("warm-up", 300);
                steps(database, contender);
                ones(contender, "warm-up", 1000);
                ones(contender, "measured", ONES);
                starts(contender);
                events(contender);
                sleepers(contender);
            }
        }
    }

    private static void steps(TestDatabase database, Contender contender) throws Exception {
        execute(database, "select pg_stat_statements_reset()");
        long walBefore = number(database, "select pg_current_wal_insert_lsn() - '0/0'::pg_lsn");
        long start = System.nanoTime();
        contender.steps("steps", STEPS);
        double millis = millis(start);
        long wal =
                number(database, "select pg_current_wal_insert_lsn() - '0/0'::pg_lsn") - walBefore;
        long calls =
                number(
                        database,
                        "select coalesce(sum(calls), 0) from pg_stat_statements s join pg_database"
                                + " d on d.oid = s.dbid where d.datname = current_database()");
        print(
                contender,
                "a step: %.2f ms, %.2f statements, %d bytes of WAL",
                millis / STEPS,
                (double) calls / STEPS,
                wal / STEPS);
    }

    private static void ones(Contender contender, String label, int count) throws Exception {
        var done = new Semaphore(0);
        long start = System.nanoTime();
        try (var callers = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < count; i++) {
                String id = label + "-" + i;
                callers.execute(() -> contender.oneStep(id, done::release));
            }
            Waiting.on(done, count);
        }
        print(
                contender,
                label + ": one-step orchestrations: %.0f/s",
                count / (millis(start) / 1000));
    }

    private static void starts(Contender contender) {
        long[] nanos = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            var begun = new CountDownLatch(1);
            long start = System.nanoTime();
            contender.oneStep("start-" + i, begun::countDown);
            Waiting.on(begun);
            nanos[i] = System.nanoTime() - start;
        }
        print(contender, "start to first step: %s", percentiles(nanos));
    }

    private static void events(Contender contender) {
        var heard = new Semaphore(0);
        contender.listener("listener", 50, heard::release);
        long[] nanos = new long[50];
        for (int i = 0; i < nanos.length; i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            long start = System.nanoTime();
            contender.signal("listener");
            Waiting.on(heard, 1);
            nanos[i] = System.nanoTime() - start;
        }
        print(contender, "event to next step: %s", percentiles(nanos));
    }

    private static void sleepers(Contender contender) throws Exception {
        long before = usedMemory();
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        long start = System.nanoTime();
        try (var callers = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < SLEEPERS; i++) {
                String id = "sleeper-" + i;
                callers.execute(() -> contender.sleeper(id, Duration.ofDays(1)));
            }
        }
        double seconds = millis(start) / 1000;
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(8));
        print(
                contender,
                "%d sleepers: %.1f MB of heap, %d more platform threads, started in %.0f s",
                SLEEPERS,
                (usedMemory() - before) / 1e6,
                ManagementFactory.getThreadMXBean().getThreadCount() - threads,
                seconds);
    }

    private static long usedMemory() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static String percentiles(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return "p50 %.1f ms, p99 %.1f ms"
                .formatted(sorted[sorted.length / 2] / 1e6, sorted[sorted.length * 99 / 100] / 1e6);
    }

    private static double millis(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    @SuppressWarnings("AnnotateFormatMethod") // A dependency for one annotation is too much.
    private static void print(Contender contender, String format, Object... values) {
        System.out.println("BENCH " + contender.name() + ": " + String.format(format, values));
    }

    private static void execute(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
