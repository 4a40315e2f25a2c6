package dev.toygres.agent.member;

import dev.toygres.agent.process.Await;
import dev.toygres.model.Lsn;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where archiving is on, a Postgres that is stopped ends its WAL segment first, and then waits
 * until every standby has received the rest of that, up to 16 MB of zeros, while nobody can write
 * (ShutdownXLOG in xlog.c; PostgreSQL 15 does so even with an empty archive_command). So the
 * segment is filled before, while everybody goes on, but for what will be written until the stop.
 */
final class WalPadding {
    private static final Logger LOG = LoggerFactory.getLogger(WalPadding.class);
    private static final long MARGIN = 1 << 20;
    private static final long PIECE = 512 << 10;
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(5);

    private static final String LEFT =
            """
            SELECT s.size - (pg_current_wal_insert_lsn() - '0/0') % s.size
            FROM (SELECT pg_size_bytes(current_setting('wal_segment_size')) AS size) s
            WHERE current_setting('archive_mode') <> 'off'
              AND EXISTS (SELECT FROM pg_stat_replication WHERE state = 'streaming')
            """;

    private WalPadding() {}

    /** A courtesy: where it does not work, the stop takes a little longer. */
    static void fill(Member member) {
        try {
            member.sql().asSuperuser(LIMIT, "WAL not filled up", WalPadding::fill);
        } catch (OrderFailed failure) {
            LOG.info("{}: {}", member.id, failure.getMessage());
        }
    }

    private static Lsn fill(Statement statement) throws SQLException {
        var end = new Lsn(0);
        for (var left = left(statement) - MARGIN; left > 0; left -= PIECE) {
            end = emit(statement, Math.min(PIECE, left));
        }
        awaitStandbys(statement, end);
        return end;
    }

    /** 0 where it would be of no use. */
    private static long left(Statement statement) throws SQLException {
        try (var rows = statement.executeQuery(LEFT)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    /** A message that nobody listens to; no data is touched, and no transaction needs it. */
    private static Lsn emit(Statement statement, long bytes) throws SQLException {
        var query =
                "SELECT pg_logical_emit_message(false, 'toygres', repeat(' ', %d))::text"
                        .formatted(bytes);
        try (var rows = statement.executeQuery(query)) {
            rows.next();
            return Lsn.parse(rows.getString(1));
        }
    }

    /** The WAL writer sends it out within its delay, 200 ms, where no commit does so before. */
    private static void awaitStandbys(Statement statement, Lsn end) throws SQLException {
        var behind =
                """
                SELECT EXISTS (SELECT FROM pg_stat_replication
                  WHERE state = 'streaming' AND write_lsn < '%s')
                """
                        .formatted(end);
        var giveUp = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        while (end.value() != 0 && isTrue(statement, behind) && System.nanoTime() < giveUp) {
            Await.pause(LOOK);
        }
    }

    private static boolean isTrue(Statement statement, String query) throws SQLException {
        try (var rows = statement.executeQuery(query)) {
            return rows.next() && rows.getBoolean(1);
        }
    }
}
