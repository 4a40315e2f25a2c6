package dev.toygres.agent.member;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The agent's own session with a member, used again: a login over TLS takes longer than most of
 * what it is for, and in a failover everybody waits for it. Whoever finds it in use opens another;
 * one that broke is not kept.
 */
final class SuperuserSession implements AutoCloseable {
    private static final int STILL_THERE_SECONDS = 2;

    private final AtomicReference<@Nullable Connection> idle = new AtomicReference<>();

    /** Does the work, which takes the limit at most for each of its statements. */
    <T> T use(Sql sql, Duration limit, Sql.Work<T> work) throws SQLException {
        var connection = take(sql, limit);
        var good = false;
        try (var statement = connection.createStatement()) {
            var result = work.in(statement);
            good = true;
            return result;
        } finally {
            giveBack(connection, good);
        }
    }

    private Connection take(Sql sql, Duration limit) throws SQLException {
        var kept = idle.getAndSet(null);
        if (kept != null && kept.isValid(STILL_THERE_SECONDS)) {
            kept.setNetworkTimeout(Runnable::run, Math.toIntExact(limit.toMillis()));
            return kept;
        }
        discard(kept);
        return sql.connect(Sql.SUPERUSER, "postgres", limit);
    }

    private void giveBack(Connection connection, boolean good) {
        if (!good || !idle.compareAndSet(null, connection)) {
            discard(connection);
        }
    }

    private static void discard(@Nullable Connection connection) {
        if (connection == null) {
            return;
        }
        try {
            connection.close();
        } catch (SQLException broken) {
            return;
        }
    }

    /** Its member is going; the next use opens another. */
    @Override
    public void close() {
        discard(idle.getAndSet(null));
    }
}
