package dev.toygres.agent.member;

import dev.toygres.agent.process.Await;
import dev.toygres.agentapi.BackupOrder.CreateRestorePoint;
import dev.toygres.agentapi.BackupResult.RestorePoint;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;

/** Named points in WAL that one can restore to. */
final class RestorePoints {
    private static final Duration SESSION = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final int LONGEST_NAME = 63;

    private RestorePoints() {}

    /** The segment is ended, so that the point can be archived at once. */
    static RestorePoint create(Member member, CreateRestorePoint order) {
        if (order.name().isBlank() || order.name().length() > LONGEST_NAME) {
            throw new OrderFailed("the name of a restore point has 1 to 63 characters");
        }
        return member.sql()
                .asSuperuser(
                        SESSION,
                        "no restore point",
                        statement -> {
                            var point = create(statement, order.name());
                            var archived = awaitArchived(statement, point.wal(), order);
                            return new RestorePoint(
                                    point.name(),
                                    point.lsn(),
                                    point.timeline(),
                                    point.at(),
                                    point.wal(),
                                    archived);
                        });
    }

    private static RestorePoint create(Statement statement, String name) throws SQLException {
        // A time is reached by replay only at a commit after it, and nobody else may write one.
        statement.execute("SELECT pg_current_xact_id()");
        var query =
                """
                SELECT lsn::text, clock_timestamp(), pg_walfile_name(lsn - 1)
                FROM (SELECT pg_create_restore_point(%s) AS lsn) made
                """
                        .formatted(statement.enquoteLiteral(name));
        try (var rows = statement.executeQuery(query)) {
            rows.next();
            var wal = rows.getString(3);
            var point =
                    new RestorePoint(
                            name,
                            rows.getString(1),
                            Integer.parseInt(wal.substring(0, 8), 16),
                            rows.getObject(2, OffsetDateTime.class).toInstant(),
                            wal,
                            false);
            statement.execute("SELECT pg_switch_wal()");
            return point;
        }
    }

    private static boolean awaitArchived(Statement statement, String wal, CreateRestorePoint order)
            throws SQLException {
        var deadline = System.nanoTime() + order.awaitArchived().toNanos();
        while (System.nanoTime() < deadline) {
            if (isArchived(statement, wal)) {
                return true;
            }
            Await.pause(LOOK);
        }
        return isArchived(statement, wal);
    }

    /** Segments of one timeline are archived in their order. */
    private static boolean isArchived(Statement statement, String wal) throws SQLException {
        var query = "SELECT last_archived_wal FROM pg_stat_archiver";
        try (var rows = statement.executeQuery(query)) {
            rows.next();
            var last = rows.getString(1);
            return last != null
                    && last.length() >= wal.length()
                    && last.substring(0, wal.length()).compareTo(wal) >= 0;
        }
    }
}
