package dev.toygres.store;

import dev.toygres.model.parameter.ApplyMode;
import dev.toygres.model.parameter.ChangeState;
import dev.toygres.model.parameter.ParameterRequest;
import dev.toygres.model.parameter.ParameterSet;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What instances have agreed on about parameters, and the history of it; both go with them. */
public final class ParameterStore {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ParameterStore() {}

    /** As it is kept, here and along with backups. */
    public static String json(ParameterSet set) {
        return JSON.writeValueAsString(set);
    }

    /** Of what {@link #json} has written. */
    public static ParameterSet fromJson(String json) {
        return JSON.readValue(json, ParameterSet.class);
    }

    /**
     * The agreed set, and how often it has changed.
     *
     * @param running what was agreed when the primary last restarted, where something of what is
     *     agreed now waits for its next restart
     */
    public record Agreed(long version, ParameterSet set, Optional<ParameterSet> running) {
        public boolean waits() {
            return running.isPresent();
        }
    }

    public static Agreed agreed(Handle handle, String instanceId) {
        return handle.createQuery(
                        """
                        select version, agreed, (select before from catalogue.parameter_change c
                            where c.instance_id = s.instance_id and state = 'Pending'
                            order by created_at, id limit 1) as running
                        from catalogue.parameter_set s where instance_id = :id
                        """)
                .bind("id", instanceId)
                .map(
                        (row, context) ->
                                new Agreed(
                                        row.getLong("version"),
                                        fromJson(row.getString("agreed")),
                                        set(row.getString("running"))))
                .findOne()
                .orElse(new Agreed(0, ParameterSet.NONE, Optional.empty()));
    }

    public static void agree(Handle handle, String instanceId, ParameterSet set, Instant at) {
        handle.createUpdate(
                        """
                        insert into catalogue.parameter_set (instance_id, version, agreed, updated_at)
                        values (:id, 1, :agreed::jsonb, :at)
                        on conflict (instance_id) do update
                        set agreed = excluded.agreed, updated_at = excluded.updated_at,
                            version = catalogue.parameter_set.version + 1
                        """)
                .bind("id", instanceId)
                .bind("agreed", json(set))
                .bind("at", at)
                .execute();
    }

    public static void add(Handle handle, ParameterChangeRow row) {
        handle.createUpdate(
                        """
                        insert into catalogue.parameter_change (id, instance_id, state, mode, apply_at,
                            cause, who, reason, requested, before, after, created_at, completed_at)
                        values (:id, :instanceId, :state, :mode, :applyAt, :cause, :who, :reason,
                            :request::jsonb, :before::jsonb, :after::jsonb, :createdAt, :completedAt)
                        """)
                .bind("id", row.id())
                .bind("instanceId", row.instanceId())
                .bind("state", row.state().name())
                .bind("mode", row.mode().name())
                .bind("applyAt", row.applyAt().orElse(null))
                .bind("cause", row.cause())
                .bind("who", row.who())
                .bind("reason", row.reason().orElse(null))
                .bind("request", JSON.writeValueAsString(row.request()))
                .bind("before", row.before().map(JSON::writeValueAsString).orElse(null))
                .bind("after", row.after().map(JSON::writeValueAsString).orElse(null))
                .bind("createdAt", row.createdAt())
                .bind("completedAt", row.completedAt().orElse(null))
                .execute();
    }

    /** It begins: from this set to that one. */
    public static void begin(Handle handle, String id, ParameterSet before, ParameterSet after) {
        handle.createUpdate(
                        """
                        update catalogue.parameter_change
                        set state = 'Applying', before = :before::jsonb, after = :after::jsonb,
                            completed_at = null, failure = null
                        where id = :id
                        """)
                .bind("id", id)
                .bind("before", JSON.writeValueAsString(before))
                .bind("after", JSON.writeValueAsString(after))
                .execute();
    }

    /** The first end counts. */
    public static void end(
            Handle handle,
            String id,
            ChangeState state,
            Optional<String> failure,
            Optional<Long> interruptionMs,
            Instant at) {
        handle.createUpdate(
                        """
                        update catalogue.parameter_change
                        set state = :state, failure = :failure, interruption_ms = :ms,
                            completed_at = :at
                        where id = :id and completed_at is null
                        """)
                .bind("id", id)
                .bind("state", state.name())
                .bind("failure", failure.orElse(null))
                .bind("ms", interruptionMs.orElse(null))
                .bind("at", at)
                .execute();
    }

    /** A failover is about to cancel it, if the operation is one. */
    public static void makesRoom(Handle handle, String operationId) {
        handle.execute(
                "update catalogue.parameter_change set made_room = true where id = ?", operationId);
    }

    /** Whether a failover has cancelled it, and not somebody. */
    public static boolean madeRoom(Handle handle, String id) {
        return handle.createQuery("select made_room from catalogue.parameter_change where id = :id")
                .bind("id", id)
                .mapTo(Boolean.class)
                .findOne()
                .orElse(false);
    }

    /** What became of one that waited for a restart. */
    public static void settle(
            Handle handle, String changeId, ChangeState state, Optional<String> failure) {
        handle.createUpdate(
                        """
                        update catalogue.parameter_change set state = :state, failure = :failure
                        where id = :id and state = 'Pending'
                        """)
                .bind("id", changeId)
                .bind("state", state.name())
                .bind("failure", failure.orElse(null))
                .execute();
    }

    /** What waits for a restart that somebody asks for, the oldest first. */
    public static List<ParameterChangeRow> pending(Handle handle, String instanceId) {
        return handle.createQuery(
                        """
                        select * from catalogue.parameter_change
                        where instance_id = :id and state = 'Pending' order by created_at, id
                        """)
                .bind("id", instanceId)
                .map((row, context) -> from(row))
                .list();
    }

    public static Optional<ParameterChangeRow> find(Handle handle, String id) {
        return handle.createQuery("select * from catalogue.parameter_change where id = :id")
                .bind("id", id)
                .map((row, context) -> from(row))
                .findOne();
    }

    /** Newest first. */
    public static List<ParameterChangeRow> list(
            Handle handle, String instanceId, int limit, Optional<String> before) {
        return handle.createQuery(
                        """
                        select * from catalogue.parameter_change
                        where instance_id = :instanceId and (:before::text is null
                            or (created_at, id) < (select created_at, id
                                from catalogue.parameter_change where id = :before))
                        order by created_at desc, id desc limit :limit
                        """)
                .bind("instanceId", instanceId)
                .bind("limit", limit)
                .bind("before", before.orElse(null))
                .map((row, context) -> from(row))
                .list();
    }

    /** Longest time without writes that the last restarts of this kind took. */
    public static Optional<Long> lastInterruption(Handle handle, String instanceId) {
        return handle.createQuery(
                        """
                        select interruption_ms from catalogue.parameter_change
                        where instance_id = :id and interruption_ms > 0
                        order by created_at desc limit 1
                        """)
                .bind("id", instanceId)
                .mapTo(Long.class)
                .findOne();
    }

    private static ParameterChangeRow from(ResultSet row) throws SQLException {
        return new ParameterChangeRow(
                row.getString("id"),
                row.getString("instance_id"),
                ChangeState.valueOf(row.getString("state")),
                ApplyMode.valueOf(row.getString("mode")),
                instant(row, "apply_at"),
                row.getString("cause"),
                row.getString("who"),
                Optional.ofNullable(row.getString("reason")),
                JSON.readValue(row.getString("requested"), ParameterRequest.class),
                set(row.getString("before")),
                set(row.getString("after")),
                row.getTimestamp("created_at").toInstant(),
                instant(row, "completed_at"),
                Optional.ofNullable((Long) row.getObject("interruption_ms")),
                Optional.ofNullable(row.getString("failure")));
    }

    private static Optional<ParameterSet> set(@Nullable String json) {
        return Optional.ofNullable(json).map(ParameterStore::fromJson);
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }
}
