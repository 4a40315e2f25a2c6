package dev.toygres.agent.member;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Sessions that read on a standby, where they are in the way of a failover. */
final class Readers {
    /** Replay has come to rest long before, unless somebody holds it up. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /**
     * A reader whose snapshot or lock is in the way holds replay up for {@code
     * max_standby_streaming_delay}, half a minute and more (Postgres manual, 27.4.2 Handling Query
     * Conflicts); meanwhile the startup process reads no settings, and heeds no promotion.
     */
    private static final String HELD_UP =
            """
            SELECT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'startup'
              AND (wait_event_type IN ('Lock', 'BufferPin') OR wait_event LIKE 'RecoveryConflict%'))
            """;

    /** A dump of ours reads as well; what the agent asks is short. */
    private static final String END =
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND xact_start IS NOT NULL
              AND NOT (usename IN (current_user, 'toygres_monitor')
                AND application_name = 'toygres-agent')
            """;

    private Readers() {}

    /**
     * Whether replay waits for somebody. If it has had its time since then, whoever that may be is
     * ended: writers wait for this standby.
     */
    static boolean holdUp(Statement statement, long sinceNanos) throws SQLException {
        try (var rows = statement.executeQuery(HELD_UP)) {
            if (!rows.next() || !rows.getBoolean(1)) {
                return false;
            }
        }
        if (System.nanoTime() - sinceNanos > PATIENCE.toNanos()) {
            statement.execute(END);
        }
        return true;
    }
}
