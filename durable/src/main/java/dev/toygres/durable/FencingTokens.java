package dev.toygres.durable;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The tokens that tell an older run from a newer one: every pick-up of an operation draws the next.
 */
public final class FencingTokens {
    /** Held while they are raised, so that nobody sets them back. */
    private static final String LOCK =
            "select 1 from pg_advisory_xact_lock(hashtext('durable.token'))";

    private static final String LAST = "select last_value from durable.token";
    private static final String RAISE = "select setval('durable.token', ?)";

    private FencingTokens() {}

    /** The newest that was drawn. */
    public static long last(Connection connection) {
        try {
            return Sql.first(connection, LAST, row -> row.getLong(1)).orElseThrow();
        } catch (SQLException e) {
            throw new CatalogueFault(e);
        }
    }

    /**
     * From now on only tokens newer than this one are drawn; within the caller's transaction. A
     * database that was restored from a backup has to be told: whoever was given orders since then
     * refuses what it would draw.
     *
     * @return what was the newest; empty when it is newer than this one already
     */
    public static Optional<Long> raise(Connection connection, long past) {
        try {
            Sql.first(connection, LOCK, row -> 1);
            long last = last(connection);
            if (last >= past) {
                return Optional.empty();
            }
            Sql.first(connection, RAISE, row -> row.getLong(1), past);
            return Optional.of(last);
        } catch (SQLException e) {
            throw new CatalogueFault(e);
        }
    }
}
