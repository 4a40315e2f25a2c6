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
     * Conflicts); meanwhile the startup process reads no settings, and heeds no promotion. A dump
     * of ours reads as well; what the agent asks is short.
     */
    private static final String END_WHOEVER_HOLDS_UP =
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND xact_start IS NOT NULL
              AND NOT (usename IN (current_user, 'toygres_monitor')
                AND application_name = 'toygres-agent')
              AND EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'startup'
                AND (wait_event_type IN ('Lock', 'BufferPin') OR wait_event LIKE 'RecoveryConflict%'))
            """;

    private Readers() {}

    /**
     * Ends whoever may be what replay waits for, if it has had its time since then and waits for
     * somebody: writers wait for this standby.
     */
    static void makeRoom(Statement statement, long sinceNanos) throws SQLException {
        if (System.nanoTime() - sinceNanos > PATIENCE.toNanos()) {
            statement.execute(END_WHOEVER_HOLDS_UP);
        }
    }
}
