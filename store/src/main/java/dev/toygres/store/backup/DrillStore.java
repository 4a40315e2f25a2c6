package dev.toygres.store.backup;

import dev.toygres.model.backup.Cron;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Restore drills, and when they are due. */
public final class DrillStore {
    private static final JsonMapper JSON = JsonMapper.shared();

    private DrillStore() {}

    /** Where a drill stands. */
    public enum State {
        Running,
        /** Restored, and sound; whether within its goals, its times say. */
        Passed,
        Failed
    }

    /**
     * How good a restore has to be.
     *
     * @param restoreTime from the request to the first query
     * @param dataAge what was written within so long before may be missing
     */
    public record Goals(Optional<Duration> restoreTime, Optional<Duration> dataAge) {}

    /**
     * A query's rows.
     *
     * @param sha256 of their text in their order
     * @param error it could not be run
     */
    public record Check(String query, long rows, String sha256, Optional<String> error) {}

    /**
     * A drill.
     *
     * @param restorableTo up to when everything was in the archive when it began
     */
    public record Row(
            String operationId,
            String instanceId,
            Optional<String> backupId,
            State state,
            Instant startedAt,
            Optional<Instant> completedAt,
            Optional<Instant> restorableTo,
            Optional<Duration> restoreTime,
            Goals goals,
            List<String> corruption,
            List<Check> checks,
            Optional<String> trouble) {
        public Row {
            corruption = List.copyOf(corruption);
            checks = List.copyOf(checks);
        }

        /** What would have been missing. */
        public Optional<Duration> dataAge() {
            return restorableTo.map(to -> Duration.between(to, startedAt));
        }
    }

    /**
     * When drills of an instance are due.
     *
     * @param lookedAt everything due up to then has been seen to
     */
    public record Plan(
            String instanceId,
            String cron,
            ZoneId timeZone,
            List<String> queries,
            Goals goals,
            Instant lookedAt) {
        public Plan {
            queries = List.copyOf(queries);
        }

        public Optional<Instant> next() {
            return Cron.parse(cron, timeZone).next(lookedAt);
        }
    }

    // ---- drills ----

    public static void begin(
            Handle handle,
            String operationId,
            String instanceId,
            Instant at,
            Optional<Instant> restorableTo,
            Goals goals) {
        handle.createUpdate(
                        """
                        insert into catalogue.restore_drill (operation_id, instance_id, state,
                            started_at, restorable_to, goal_time_ms, goal_age_ms)
                        values (:id, :instance, 'Running', :at, :to, :time, :age)
                        on conflict (operation_id) do nothing
                        """)
                .bind("id", operationId)
                .bind("instance", instanceId)
                .bind("at", at)
                .bind("to", restorableTo.orElse(null))
                .bind("time", millis(goals.restoreTime()))
                .bind("age", millis(goals.dataAge()))
                .execute();
    }

    public static void restored(
            Handle handle, String operationId, String backupId, Duration restoreTime) {
        handle.createUpdate(
                        """
                        update catalogue.restore_drill set backup_id = :backup, restore_ms = :time
                        where operation_id = :id
                        """)
                .bind("id", operationId)
                .bind("backup", backupId)
                .bind("time", restoreTime.toMillis())
                .execute();
    }

    public static void checked(
            Handle handle, String operationId, List<String> corruption, List<Check> checks) {
        handle.createUpdate(
                        """
                        update catalogue.restore_drill
                        set corruption = :corruption, checks = :checks::jsonb
                        where operation_id = :id
                        """)
                .bind("id", operationId)
                .bindArray("corruption", String.class, corruption)
                .bind("checks", JSON.writeValueAsString(checks))
                .execute();
    }

    /** Once; who comes later changes nothing. */
    public static void end(
            Handle handle, String operationId, State state, Optional<String> trouble, Instant at) {
        handle.createUpdate(
                        """
                        update catalogue.restore_drill
                        set state = :state, trouble = :trouble, completed_at = :at
                        where operation_id = :id and state = 'Running'
                        """)
                .bind("id", operationId)
                .bind("state", state.name())
                .bind("trouble", trouble.orElse(null))
                .bind("at", at)
                .execute();
    }

    public static Optional<Row> find(Handle handle, String operationId) {
        return handle.createQuery("select * from catalogue.restore_drill where operation_id = :id")
                .bind("id", operationId)
                .map((row, context) -> row(row))
                .findOne();
    }

    /** Newest first. */
    public static List<Row> list(
            Handle handle, String instanceId, int limit, Optional<String> before) {
        return handle.createQuery(
                        """
                        select * from catalogue.restore_drill
                        where instance_id = :id and (:before::text is null or operation_id < :before)
                        order by operation_id desc limit :limit
                        """)
                .bind("id", instanceId)
                .bind("before", before.orElse(null))
                .bind("limit", limit)
                .map((row, context) -> row(row))
                .list();
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getString("operation_id"),
                row.getString("instance_id"),
                Optional.ofNullable(row.getString("backup_id")),
                State.valueOf(row.getString("state")),
                row.getTimestamp("started_at").toInstant(),
                instant(row, "completed_at"),
                instant(row, "restorable_to"),
                duration(row, "restore_ms"),
                goals(row),
                List.of((String[]) row.getArray("corruption").getArray()),
                JSON.readValue(row.getString("checks"), new TypeReference<List<Check>>() {}),
                Optional.ofNullable(row.getString("trouble")));
    }

    private static Goals goals(ResultSet row) throws SQLException {
        return new Goals(duration(row, "goal_time_ms"), duration(row, "goal_age_ms"));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }

    private static Optional<Duration> duration(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable((Long) row.getObject(column)).map(Duration::ofMillis);
    }

    private static @Nullable Long millis(Optional<Duration> duration) {
        return duration.map(Duration::toMillis).orElse(null);
    }

    // ---- when they are due ----

    public static void plan(Handle handle, Plan plan) {
        handle.createUpdate(
                        """
                        insert into catalogue.restore_drill_plan (instance_id, cron, time_zone,
                            queries, goal_time_ms, goal_age_ms, looked_at)
                        values (:id, :cron, :zone, :queries, :time, :age, :from)
                        on conflict (instance_id) do update
                        set cron = :cron, time_zone = :zone, queries = :queries,
                            goal_time_ms = :time, goal_age_ms = :age, looked_at = :from
                        """)
                .bind("id", plan.instanceId())
                .bind("cron", plan.cron())
                .bind("zone", plan.timeZone().getId())
                .bindArray("queries", String.class, plan.queries())
                .bind("time", millis(plan.goals().restoreTime()))
                .bind("age", millis(plan.goals().dataAge()))
                .bind("from", plan.lookedAt())
                .execute();
    }

    public static void unplan(Handle handle, String instanceId) {
        handle.execute(
                "delete from catalogue.restore_drill_plan where instance_id = ?", instanceId);
    }

    public static Optional<Plan> plan(Handle handle, String instanceId) {
        return handle.createQuery(
                        "select * from catalogue.restore_drill_plan where instance_id = :id")
                .bind("id", instanceId)
                .map((row, context) -> planOf(row))
                .findOne();
    }

    public static List<Plan> plans(Handle handle) {
        return handle.createQuery("select * from catalogue.restore_drill_plan order by instance_id")
                .map((row, context) -> planOf(row))
                .list();
    }

    /** Moves the look on; false when another server was there first. */
    public static boolean look(Handle handle, Plan seen, Instant now) {
        return handle.createUpdate(
                                """
                                update catalogue.restore_drill_plan set looked_at = :now
                                where instance_id = :id and looked_at = :seen
                                """)
                        .bind("id", seen.instanceId())
                        .bind("seen", seen.lookedAt())
                        .bind("now", now)
                        .execute()
                == 1;
    }

    private static Plan planOf(ResultSet row) throws SQLException {
        return new Plan(
                row.getString("instance_id"),
                row.getString("cron"),
                ZoneId.of(row.getString("time_zone")),
                List.of((String[]) row.getArray("queries").getArray()),
                goals(row),
                row.getTimestamp("looked_at").toInstant());
    }
}
