package dev.toygres.store.backup;

import dev.toygres.model.Lsn;
import dev.toygres.model.backup.Archive;
import dev.toygres.model.backup.BackupKind;
import dev.toygres.model.backup.BackupState;
import dev.toygres.model.backup.Chains;
import dev.toygres.model.backup.WalSegment;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The catalogue of backups, and the restore points. */
public final class BackupCatalogue {
    private static final String SELECT =
            """
            select b.*, r.former, r.deleted_at
            from catalogue.backup b join catalogue.repository r on r.id = b.repository_id
            """;

    private BackupCatalogue() {}

    /** A named position. */
    public record RestorePoint(String name, int timeline, Lsn position, Instant madeAt) {}

    /** A new one, or all of one that is there. */
    public static void put(Handle handle, BackupRow row) {
        handle.createUpdate(
                        """
                        insert into catalogue.backup (id, repository_id, instance_id, kind, state,
                            label, engine_label, based_on, databases, schema_only, cause,
                            operation_id, source_member, started_at, stopped_at, timeline,
                            start_lsn, stop_lsn, size_bytes, stored_bytes, pinned, verified_at,
                            trouble)
                        values (:id, :repositoryId, :instanceId, :kind, :state, :label,
                            :engineLabel, :basedOn, :databases, :schemaOnly, :cause, :operationId,
                            :sourceMember, :startedAt, :stoppedAt, :timeline, :startLsn, :stopLsn,
                            :sizeBytes, :storedBytes, :pinned, :verifiedAt, :trouble)
                        on conflict (id) do update
                        set kind = :kind, state = :state, engine_label = :engineLabel,
                            databases = :databases, based_on = :basedOn,
                            source_member = :sourceMember, started_at = :startedAt,
                            stopped_at = :stoppedAt, timeline = :timeline, start_lsn = :startLsn,
                            stop_lsn = :stopLsn, size_bytes = :sizeBytes,
                            stored_bytes = :storedBytes, verified_at = :verifiedAt,
                            trouble = :trouble
                        """)
                .bind("id", row.id())
                .bind("repositoryId", row.repositoryId())
                .bind("instanceId", row.instanceId())
                .bind("kind", row.kind().name())
                .bind("state", row.state().name())
                .bind("label", row.label().orElse(null))
                .bind("engineLabel", row.engineLabel().orElse(null))
                .bind("basedOn", row.basedOn().orElse(null))
                .bindArray("databases", String.class, row.databases())
                .bind("schemaOnly", row.schemaOnly())
                .bind("cause", row.cause())
                .bind("operationId", row.operationId().orElse(null))
                .bind("sourceMember", row.sourceMember().orElse(null))
                .bind("startedAt", row.startedAt())
                .bind("stoppedAt", row.stoppedAt().orElse(null))
                .bind("timeline", row.timeline().orElse(null))
                .bind("startLsn", row.startLsn().map(Lsn::toString).orElse(null))
                .bind("stopLsn", row.stopLsn().map(Lsn::toString).orElse(null))
                .bind("sizeBytes", row.sizeBytes().orElse(null))
                .bind("storedBytes", row.storedBytes().orElse(null))
                .bind("pinned", row.pinned())
                .bind("verifiedAt", row.verifiedAt().orElse(null))
                .bind("trouble", row.trouble().orElse(null))
                .execute();
    }

    public static Optional<BackupRow> find(Handle handle, String id) {
        return handle.createQuery(SELECT + "where b.id = :id")
                .bind("id", id)
                .map((row, context) -> from(row))
                .findOne();
    }

    /** Newest first, also those of an instance that is gone. */
    public static List<BackupRow> list(
            Handle handle, String instanceId, int limit, Optional<String> before) {
        return handle.createQuery(
                        SELECT
                                + """
                                where b.instance_id = :instanceId and (:before::text is null
                                    or (b.started_at, b.id) < (select started_at, id
                                        from catalogue.backup where id = :before))
                                order by b.started_at desc, b.id desc limit :limit
                                """)
                .bind("instanceId", instanceId)
                .bind("limit", limit)
                .bind("before", before.orElse(null))
                .map((row, context) -> from(row))
                .list();
    }

    /** Oldest first. */
    public static List<BackupRow> in(Handle handle, String repositoryId) {
        return handle.createQuery(
                        SELECT
                                + """
                                where b.repository_id = :id order by b.started_at, b.id
                                """)
                .bind("id", repositoryId)
                .map((row, context) -> from(row))
                .list();
    }

    public static void state(
            Handle handle, String id, BackupState state, Optional<String> trouble) {
        handle.createUpdate(
                        """
                        update catalogue.backup set state = :state, trouble = :trouble
                        where id = :id
                        """)
                .bind("id", id)
                .bind("state", state.name())
                .bind("trouble", trouble.orElse(null))
                .execute();
    }

    public static void verified(Handle handle, String id, Instant at) {
        handle.createUpdate(
                        """
                        update catalogue.backup
                        set state = 'Available', verified_at = :at, trouble = null
                        where id = :id and state in ('Creating', 'Available', 'Damaged')
                        """)
                .bind("id", id)
                .bind("at", at)
                .execute();
    }

    /** What could not be deleted; whether it is whole nobody knows any more. */
    public static void keep(Handle handle, String id, BackupState state, String trouble) {
        handle.createUpdate(
                        """
                        update catalogue.backup
                        set state = :state, verified_at = null, trouble = :trouble
                        where id = :id and state = 'Deleting'
                        """)
                .bind("id", id)
                .bind("state", state.name())
                .bind("trouble", trouble)
                .execute();
    }

    public static void pin(Handle handle, String id, boolean pinned) {
        handle.createUpdate("update catalogue.backup set pinned = :pinned where id = :id")
                .bind("id", id)
                .bind("pinned", pinned)
                .execute();
    }

    public static void remove(Handle handle, String id) {
        handle.createUpdate("delete from catalogue.backup where id = :id").bind("id", id).execute();
    }

    /** Which backups of a repository need which. */
    public static Chains chains(Handle handle, String repositoryId) {
        return new Chains(in(handle, repositoryId).stream().map(BackupRow::facts).toList());
    }

    /** What a repository holds, for decisions. */
    public static Archive archive(Handle handle, RepositoryRow repository) {
        List<BackupRow> rows = in(handle, repository.id());
        return new Archive(
                rows.stream().map(BackupRow::facts).toList(),
                WalSegment.without(repository.wal(), repository.badWal()),
                repository.timelines(),
                repository.timeline(),
                RepositoryStore.samples(handle, repository.id()),
                repository
                        .walFrom()
                        .flatMap(id -> rows.stream().filter(one -> one.id().equals(id)).findFirst())
                        .flatMap(BackupRow::stoppedAt));
    }

    // ---- restore points ----

    /** Answers false when the name is taken. */
    public static boolean addPoint(Handle handle, String repositoryId, RestorePoint point) {
        return handle.createUpdate(
                                """
                                insert into catalogue.restore_point (repository_id, name, timeline,
                                    position, made_at)
                                values (:id, :name, :timeline, :position, :at)
                                on conflict do nothing
                                """)
                        .bind("id", repositoryId)
                        .bind("name", point.name())
                        .bind("timeline", point.timeline())
                        .bind("position", point.position().toString())
                        .bind("at", point.madeAt())
                        .execute()
                == 1;
    }

    public static List<RestorePoint> points(Handle handle, String repositoryId) {
        return handle.createQuery(
                        """
                        select * from catalogue.restore_point where repository_id = :id
                        order by made_at desc
                        """)
                .bind("id", repositoryId)
                .map(
                        (row, context) ->
                                new RestorePoint(
                                        row.getString("name"),
                                        row.getInt("timeline"),
                                        Lsn.parse(row.getString("position")),
                                        row.getTimestamp("made_at").toInstant()))
                .list();
    }

    private static BackupRow from(ResultSet row) throws SQLException {
        return new BackupRow(
                row.getString("id"),
                row.getString("repository_id"),
                row.getString("instance_id"),
                BackupKind.valueOf(row.getString("kind")),
                BackupState.valueOf(row.getString("state")),
                Optional.ofNullable(row.getString("label")),
                Optional.ofNullable(row.getString("engine_label")),
                Optional.ofNullable(row.getString("based_on")),
                strings(row.getArray("databases")),
                row.getBoolean("schema_only"),
                row.getString("cause"),
                Optional.ofNullable(row.getString("operation_id")),
                Optional.ofNullable(row.getString("source_member")),
                row.getTimestamp("started_at").toInstant(),
                Optional.ofNullable(row.getTimestamp("stopped_at")).map(Timestamp::toInstant),
                Optional.ofNullable((Integer) row.getObject("timeline")),
                Optional.ofNullable(row.getString("start_lsn")).map(Lsn::parse),
                Optional.ofNullable(row.getString("stop_lsn")).map(Lsn::parse),
                Optional.ofNullable((Long) row.getObject("size_bytes")),
                Optional.ofNullable((Long) row.getObject("stored_bytes")),
                row.getBoolean("pinned"),
                Optional.ofNullable(row.getTimestamp("verified_at")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getString("trouble")),
                Former.from(row));
    }

    private static List<String> strings(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
