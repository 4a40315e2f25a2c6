package dev.toygres.store.backup;

import dev.toygres.model.backup.BackupSchedule;
import dev.toygres.model.backup.Cron;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** When backups of each instance are due. */
public final class ScheduleStore {
    private static final String UNCHANGED =
            """
            (s.full_cron, s.incremental_cron, s.time_zone) is not distinct from
                (excluded.full_cron, excluded.incremental_cron, excluded.time_zone)\
            """;

    private ScheduleStore() {}

    /**
     * A schedule.
     *
     * @param lookedAt everything due up to then has been seen to
     * @param since it promises backups
     * @param lastOperation the last run
     */
    public record Row(
            String instanceId,
            String fullCron,
            Optional<String> incrementalCron,
            ZoneId timeZone,
            boolean paused,
            Instant lookedAt,
            Instant since,
            Optional<String> lastOperation) {

        public BackupSchedule schedule() {
            return new BackupSchedule(
                    Cron.parse(fullCron, timeZone),
                    incrementalCron.map(text -> Cron.parse(text, timeZone)));
        }
    }

    /**
     * What was due before the instant is not made up for, unless it was due by this very schedule.
     */
    public static void put(
            Handle handle,
            String instanceId,
            String fullCron,
            Optional<String> incrementalCron,
            ZoneId zone,
            Instant from) {
        handle.createUpdate(
                        """
                        insert into catalogue.backup_schedule as s (instance_id, full_cron,
                            incremental_cron, time_zone, looked_at, since)
                        values (:id, :full, :incremental, :zone, :from, :from)
                        on conflict (instance_id) do update
                        set full_cron = :full, incremental_cron = :incremental, time_zone = :zone,
                            looked_at = case when %1$s then s.looked_at else :from end,
                            since = case when %1$s then s.since else :from end
                        """
                                .formatted(UNCHANGED))
                .bind("id", instanceId)
                .bind("full", fullCron)
                .bind("incremental", incrementalCron.orElse(null))
                .bind("zone", zone.getId())
                .bind("from", from)
                .execute();
    }

    public static Optional<Row> find(Handle handle, String instanceId) {
        return handle.createQuery("select * from catalogue.backup_schedule where instance_id = :id")
                .bind("id", instanceId)
                .map((row, context) -> from(row))
                .findOne();
    }

    public static List<Row> all(Handle handle) {
        return handle.createQuery("select * from catalogue.backup_schedule order by instance_id")
                .map((row, context) -> from(row))
                .list();
    }

    /** What comes due while it is paused is not made up for. */
    public static boolean pause(Handle handle, String instanceId, boolean paused, Instant now) {
        return handle.createUpdate(
                                """
                                update catalogue.backup_schedule
                                set paused = :paused,
                                    looked_at = case when paused then :now else looked_at end,
                                    since = case when paused then :now else since end
                                where instance_id = :id
                                """)
                        .bind("id", instanceId)
                        .bind("paused", paused)
                        .bind("now", now)
                        .execute()
                == 1;
    }

    /** Moves the look on; false when another server was there first. */
    public static boolean look(Handle handle, Row seen, Instant now) {
        return handle.createUpdate(
                                """
                                update catalogue.backup_schedule set looked_at = :now
                                where instance_id = :id and looked_at = :seen and not paused
                                """)
                        .bind("id", seen.instanceId())
                        .bind("seen", seen.lookedAt())
                        .bind("now", now)
                        .execute()
                == 1;
    }

    public static void ran(Handle handle, String instanceId, String operationId) {
        handle.createUpdate(
                        """
                        update catalogue.backup_schedule set last_operation = :operation
                        where instance_id = :id
                        """)
                .bind("id", instanceId)
                .bind("operation", operationId)
                .execute();
    }

    private static Row from(ResultSet row) throws SQLException {
        return new Row(
                row.getString("instance_id"),
                row.getString("full_cron"),
                Optional.ofNullable(row.getString("incremental_cron")),
                ZoneId.of(row.getString("time_zone")),
                row.getBoolean("paused"),
                row.getTimestamp("looked_at").toInstant(),
                row.getTimestamp("since").toInstant(),
                Optional.ofNullable(row.getString("last_operation")));
    }
}
