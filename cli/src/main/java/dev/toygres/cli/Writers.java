package dev.toygres.cli;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Clients that write one row after the other, each in a transaction, and know what was acknowledged
 * to them. When a connection breaks they make a new one, as any good client does.
 */
final class Writers implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(2);
    private static final Duration RECONNECT_PAUSE = Duration.ofMillis(20);

    private final Login login;
    private final String caFile;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong longestGapNanos = new AtomicLong();
    private final AtomicReference<String> lastFailure = new AtomicReference<>("");
    private volatile boolean running = true;

    Writers(Login login, String caFile) {
        this.login = login;
        this.caFile = caFile;
    }

    /** Makes the table, and starts to fill it. */
    void start(int count) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE written (writer int, number bigint)");
        }
        for (int writer = 0; writer < count; writer++) {
            int id = writer;
            threads.add(Thread.ofVirtual().start(() -> write(id)));
        }
    }

    private void write(int writer) {
        @Nullable Connection connection = null;
        long lastSuccess = System.nanoTime();
        for (long number = 0; running; number++) {
            try {
                if (connection == null) {
                    connection = connect();
                }
                insert(connection, writer, number);
                acknowledged.incrementAndGet();
                long now = System.nanoTime();
                long gap = now - lastSuccess;
                longestGapNanos.accumulateAndGet(gap, Math::max);
                lastSuccess = now;
                pause(PAUSE);
            } catch (SQLException e) {
                if (running) {
                    failed.incrementAndGet();
                    lastFailure.set(String.valueOf(e.getMessage()));
                }
                close(connection);
                connection = null;
                pause(RECONNECT_PAUSE);
            }
        }
        close(connection);
    }

    private static void insert(Connection connection, int writer, long number) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO written VALUES (?, ?)")) {
            insert.setInt(1, writer);
            insert.setLong(2, number);
            insert.executeUpdate();
        }
    }

    Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", login.user());
        properties.setProperty("password", login.password());
        properties.setProperty("sslmode", login.sslMode());
        properties.setProperty("sslrootcert", caFile);
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "20");
        properties.setProperty("ApplicationName", "toygres-demo");
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%d/%s"
                        .formatted(login.host(), login.port(), login.database()),
                properties);
    }

    private static void close(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                // It was broken before; a new one is made.
                return;
            }
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What happened since the last look. */
    Score score() {
        return new Score(
                acknowledged.get(),
                failed.getAndSet(0),
                Duration.ofNanos(longestGapNanos.getAndSet(0)),
                lastFailure.getAndSet(""));
    }

    long acknowledged() {
        return acknowledged.get();
    }

    /** The rows that are there now. */
    long stored() throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM written")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** The process that is parent of all others of this Postgres. */
    long postmaster() throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT pg_backend_pid()")) {
            rows.next();
            return ProcessHandle.of(rows.getLong(1))
                    .flatMap(ProcessHandle::parent)
                    .map(ProcessHandle::pid)
                    .orElseThrow(() -> new SQLException("the Postgres is not on this machine"));
        }
    }

    @Override
    public void close() {
        running = false;
        for (var thread : threads) {
            try {
                thread.join(Duration.ofSeconds(25));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * A count of what the writers lived through.
     *
     * @param acknowledged since the beginning
     * @param longestGap between two successes of one writer
     */
    record Score(long acknowledged, long failed, Duration longestGap, String lastFailure) {}
}
