package dev.toygres.agent.member;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Sessions that read on a standby, where they are in the way of a failover. */
final class Readers {
    /** Replay has come to rest long before, unless somebody holds it up. */
    static final Duration PATIENCE = Duration.ofMillis(500);

    /**
     * A reader whose snapshot or lock is in the way holds replay up for {@code
     * max_standby_streaming_delay}, half a minute and more (Postgres manual, 27.4.2 Handling Query
     * Conflicts); meanwhile the startup process reads no settings, and heeds no promotion.
     */
    private static final String BLOCKING =
            """
            SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a
            WHERE a.backend_type = 'client backend' AND a.xact_start IS NOT NULL
              AND a.usename <> current_user
              AND EXISTS (SELECT FROM pg_stat_activity s WHERE s.backend_type = 'startup'
                AND (s.wait_event_type IN ('Lock', 'BufferPin') OR s.wait_event LIKE 'RecoveryConflict%'))
            """;

    private Readers() {}

    /**
     * Ends whoever may be what replay waits for, if it has had its time since then and waits for
     * somebody: writers wait for this standby.
     */
    static void makeRoom(Statement statement, long sinceNanos) throws SQLException {
        if (System.nanoTime() - sinceNanos > PATIENCE.toNanos()) {
            statement.execute(BLOCKING);
        }
    }
}
