package dev.toygres.durable;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way to the catalogue; knows which of its faults pass by themselves. */
final class Database {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final long FIRST_PAUSE = 20_000_000;
    private static final long LONGEST_PAUSE = 1_000_000_000;

    /**
     * Serialization failure, deadlock, shutdown and its kin, too many connections, a transaction
     * ended because this process slept in it.
     */
    private static final Set<String> PASSING =
            Set.of("40001", "40P01", "57P01", "57P02", "57P03", "53300", "25006", "25P03");

    private final DataSource source;

    Database(DataSource source) {
        this.source = source;
    }

    /** Work on one connection; may be done again, so it must bear that. */
    @FunctionalInterface
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** Something to look at between two tries; throws when there is no point in another. */
    @FunctionalInterface
    interface Guard {
        void check();

        Guard NONE = () -> {};
    }

    Connection connect() throws SQLException {
        return source.getConnection();
    }

    /** One try. */
    <T> T once(Work<T> work) {
        try (Connection connection = source.getConnection()) {
            return work.on(connection);
        } catch (SQLException e) {
            throw new CatalogueFault(e);
        }
    }

    /** One try, in one transaction. */
    <T> T transaction(Work<T> work) {
        return once(connection -> within(connection, work));
    }

    /** Repeats the work for as long as the catalogue is away. */
    <T> T untilDone(Guard guard, Work<T> work) {
        long pause = FIRST_PAUSE;
        while (true) {
            try {
                return once(work);
            } catch (CatalogueFault e) {
                if (!passes(e)) {
                    throw e;
                }
                LOG.info("the catalogue is away, trying again: {}", e.getMessage());
            }
            guard.check();
            LockSupport.parkNanos(pause);
            guard.check();
            pause = Math.min(LONGEST_PAUSE, pause * 2);
        }
    }

    static <T> T within(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            T result = work.on(connection);
            connection.commit();
            return result;
        } catch (Throwable e) {
            undo(connection, e);
            throw e;
        } finally {
            reset(connection);
        }
    }

    static void undo(Connection connection, Throwable reason) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    static void reset(Connection connection) {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            LOG.debug("the connection is gone: {}", e.getMessage());
        }
    }

    /** Whether the fault is one of those that pass by themselves. */
    static boolean passes(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientException) {
                return true;
            }
            if (cause instanceof SQLException sql && passes(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    private static boolean passes(@Nullable String state) {
        return state != null && (state.startsWith("08") || PASSING.contains(state));
    }
}
