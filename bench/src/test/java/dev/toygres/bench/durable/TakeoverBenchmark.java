package dev.toygres.bench.durable;

import com.zaxxer.hikari.HikariDataSource;
import dev.toygres.durable.CatalogueOperations;
import dev.toygres.durable.DurableSchema;
import dev.toygres.durable.Engine;
import dev.toygres.durable.StartRequest;
import dev.toygres.testkit.Eventually;
import dev.toygres.testkit.TestDatabase;
import dev.toygres.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How long after kill -9 of a process another, which was there before, runs its operation. */
@Tag("bench")
class TakeoverBenchmark {
    private static final int KILLS = Integer.getInteger("bench.kills", 11);
    private static final Duration LONG = Duration.ofMinutes(2);

    private final Figures figures = new Figures();
    private final Random random = new Random(7);

    @Test
    void takeover() throws Exception {
        try (TestDatabase database = TestPostgres.database("bench_takeover");
                HikariDataSource pool = database.openPool(16)) {
            DurableSchema.migrate(pool);
            execute(pool, "create table begun (operation text, pid bigint)");
            for (int i = 0; i < KILLS; i++) {
                kill(database, pool, i);
            }
            figures.printMedians();
        }
    }

    /** Both with the default options. */
    private void kill(TestDatabase database, HikariDataSource pool, int round) throws Exception {
        String id = "op-" + round;
        Process victim = Holder.launch(database.url());
        start(pool, id);
        awaitBegun(pool, id, victim.pid());
        try (Engine heir = Holder.engine(pool, () -> false)) {
            heir.start();
            // Past the heir's first limit, at any moment between two beats.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5_000 + random.nextInt(1_000)));
            long killed = System.nanoTime();
            victim.destroyForcibly().waitFor();
            awaitBegun(pool, id, ProcessHandle.current().pid());
            figures.add(
                    "durable",
                    "kill -9 to next run of the step, s",
                    (System.nanoTime() - killed) / 1e9);
        }
    }

    private static void start(HikariDataSource pool, String id) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            new CatalogueOperations(pool, InstantSource.system())
                    .start(
                            connection,
                            new StartRequest<>(
                                    id, Holder.TYPE, "in", Optional.empty(), Optional.empty()));
        }
    }

    private static void awaitBegun(HikariDataSource pool, String id, long pid) {
        String sql = "select count(*) from begun where operation = '" + id + "' and pid = " + pid;
        Eventually.until(LONG, id + " has begun", () -> count(pool, sql) > 0);
    }

    private static long count(HikariDataSource pool, String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void execute(HikariDataSource pool, String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
