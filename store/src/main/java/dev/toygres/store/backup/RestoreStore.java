package dev.toygres.store.backup;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** The account of every restore: outlives the operation, and the instance. */
public final class RestoreStore {
    private RestoreStore() {}

    /** Where a restore stands. */
    public enum State {
        Running,
        Completed,
        Failed,
        /** The former data is back. */
        Undone
    }

    /**
     * A restore.
     *
     * @param reachedAt of the last commit in it
     * @param keptBy the member that still has the data from before, of one in place
     */
    public record Row(
            String operationId,
            String instanceId,
            String kind,
            String repositoryId,
            Optional<String> backupId,
            String target,
            State state,
            Instant startedAt,
            Optional<Instant> completedAt,
            Optional<Instant> reachedAt,
            Optional<String> endLsn,
            Optional<Integer> timeline,
            Optional<Long> bytes,
            Optional<Long> fetchMs,
            Optional<Long> replayMs,
            Optional<String> keptBy,
            Optional<String> trouble) {}

    public static void begin(
            Handle handle,
            String operationId,
            String instanceId,
            String kind,
            String repositoryId,
            String target,
            Instant at) {
        handle.createUpdate(
                        """
                        insert into catalogue.restore (operation_id, instance_id, kind,
                            repository_id, target, state, started_at)
                        values (:operation, :instance, :kind, :repository, :target, 'Running', :at)
                        on conflict (operation_id) do update
                        set state = 'Running', trouble = null, completed_at = null
                        """)
                .bind("operation", operationId)
                .bind("instance", instanceId)
                .bind("kind", kind)
                .bind("repository", repositoryId)
                .bind("target", target)
                .bind("at", at)
                .execute();
    }

    /** From now on nobody may delete it. */
    public static void uses(Handle handle, String operationId, String backupId) {
        handle.createUpdate(
                        "update catalogue.restore set backup_id = :backup where operation_id = :id")
                .bind("id", operationId)
                .bind("backup", backupId)
                .execute();
    }

    public static void reached(
            Handle handle,
            String operationId,
            Optional<Instant> reachedAt,
            String endLsn,
            int timeline,
            long bytes,
            long fetchMs,
            long replayMs,
            Optional<String> keptBy) {
        handle.createUpdate(
                        """
                        update catalogue.restore
                        set reached_at = :reached, end_lsn = :lsn, timeline = :timeline,
                            bytes = :bytes, fetch_ms = :fetch, replay_ms = :replay,
                            kept_by = :kept
                        where operation_id = :id
                        """)
                .bind("id", operationId)
                .bind("reached", reachedAt.orElse(null))
                .bind("lsn", endLsn)
                .bind("timeline", timeline)
                .bind("bytes", bytes)
                .bind("fetch", fetchMs)
                .bind("replay", replayMs)
                .bind("kept", keptBy.orElse(null))
                .execute();
    }

    public static void end(
            Handle handle, String operationId, State state, Optional<String> trouble, Instant at) {
        handle.createUpdate(
                        """
                        update catalogue.restore
                        set state = :state, trouble = :trouble, completed_at = :at
                        where operation_id = :id
                        """)
                .bind("id", operationId)
                .bind("state", state.name())
                .bind("trouble", trouble.orElse(null))
                .bind("at", at)
                .execute();
    }

    /** The old data is not there any more. */
    public static void dropped(Handle handle, String operationId) {
        handle.execute(
                "update catalogue.restore set kept_by = null where operation_id = ?", operationId);
    }

    /** What earlier restores of the instance had kept is gone. */
    public static void keptOnlyBy(Handle handle, String instanceId, String operationId) {
        handle.execute(
                "update catalogue.restore set kept_by = null where instance_id = ? and operation_id <> ?",
                instanceId,
                operationId);
    }

    public static Optional<Row> find(Handle handle, String operationId) {
        return handle.createQuery("select * from catalogue.restore where operation_id = :id")
                .bind("id", operationId)
                .map((row, context) -> from(row))
                .findOne();
    }

    /** The last one in place whose old data is still there. */
    public static Optional<Row> undoable(Handle handle, String instanceId) {
        return handle.createQuery(
                        """
                        select * from catalogue.restore
                        where instance_id = :id and kept_by is not null and state = 'Completed'
                        order by started_at desc limit 1
                        """)
                .bind("id", instanceId)
                .map((row, context) -> from(row))
                .findOne();
    }

    /** Newest first. */
    public static List<Row> list(Handle handle, String instanceId) {
        return handle.createQuery(
                        """
                        select * from catalogue.restore where instance_id = :id
                        order by started_at desc limit 100
                        """)
                .bind("id", instanceId)
                .map((row, context) -> from(row))
                .list();
    }

    /** Backups that a restore is reading. */
    public static Set<String> backupsInUse(Handle handle) {
        return handle.createQuery(
                        """
                        select backup_id from catalogue.restore
                        where state = 'Running' and backup_id is not null
                        """)
                .mapTo(String.class)
                .set();
    }

    private static Row from(ResultSet row) throws SQLException {
        return new Row(
                row.getString("operation_id"),
                row.getString("instance_id"),
                row.getString("kind"),
                row.getString("repository_id"),
                Optional.ofNullable(row.getString("backup_id")),
                row.getString("target"),
                State.valueOf(row.getString("state")),
                row.getTimestamp("started_at").toInstant(),
                Optional.ofNullable(row.getTimestamp("completed_at")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getTimestamp("reached_at")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getString("end_lsn")),
                Optional.ofNullable((Integer) row.getObject("timeline")),
                Optional.ofNullable((Long) row.getObject("bytes")),
                Optional.ofNullable((Long) row.getObject("fetch_ms")),
                Optional.ofNullable((Long) row.getObject("replay_ms")),
                Optional.ofNullable(row.getString("kept_by")),
                Optional.ofNullable(row.getString("trouble")));
    }
}
