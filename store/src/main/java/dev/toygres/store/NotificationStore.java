package dev.toygres.store;

import dev.toygres.model.AlertSeverity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Who is told of alerts, and the queue of what is still to be told. */
public final class NotificationStore {
    private NotificationStore() {}

    /** Why somebody is told. The names are part of the contract. */
    public enum Event {
        Raised,
        Repeated,
        Resolved,
        /** It began and ended in one moment, such as a step of a failover. */
        Happened,
        Test
    }

    /** How a notification ended. The names are part of the contract. */
    public enum Outcome {
        Delivered,
        GaveUp,
        /** Something newer about the same alert was told instead. */
        Superseded
    }

    /**
     * A target.
     *
     * @param settings JSON, without secrets
     * @param failures attempts in a row that failed
     */
    public record Target(
            String name,
            String kind,
            AlertSeverity minimumSeverity,
            String settings,
            int failures,
            Optional<String> lastError,
            Optional<Instant> lastDeliveredAt) {}

    /** One thing to tell one target. */
    public record Row(
            String id,
            Optional<Long> alertId,
            String target,
            Event event,
            Instant createdAt,
            Instant dueAt,
            int attempts,
            Optional<String> lastError,
            Optional<Instant> endedAt,
            Optional<Outcome> outcome) {}

    /**
     * Puts it into the queue of every target that wants to know of such. What was not yet told of
     * this alert is not told any more: this says more.
     */
    public static void enqueue(Handle handle, long alertId, Event event) {
        handle.createQuery(
                        "select name from catalogue.notification_target order by name for key share")
                .mapTo(String.class)
                .list();
        handle.createUpdate(
                        """
                        update catalogue.notification set ended_at = now(), outcome = 'Superseded'
                        where alert_id = :alertId and ended_at is null
                        """)
                .bind("alertId", alertId)
                .execute();
        handle.createUpdate(
                        """
                        insert into catalogue.notification (alert_id, target, event)
                        select alert.id, target.name, :event
                        from catalogue.alert, catalogue.notification_target target
                        where alert.id = :alertId
                            and array_position(array['Info', 'Warning', 'Critical'],
                                    target.minimum_severity)
                                <= array_position(array['Info', 'Warning', 'Critical'], alert.severity)
                        """)
                .bind("alertId", alertId)
                .bind("event", event.name())
                .execute();
    }

    /** Something to try the target with, taken already by whoever asks. */
    public static Row test(Handle handle, String target, Duration lease) {
        return handle.createQuery(
                        """
                        insert into catalogue.notification (target, event, attempts, due_at)
                        values (:target, 'Test', 1, now() + :lease * interval '1 second')
                        returning *
                        """)
                .bind("target", target)
                .bind("lease", lease.toSeconds())
                .map((row, _) -> from(row))
                .one();
    }

    /** Targets for which something is due. */
    public static List<String> targetsWithWork(Handle handle) {
        return handle.createQuery(
                        """
                        select distinct target from catalogue.notification
                        where ended_at is null and due_at <= now()
                        """)
                .mapTo(String.class)
                .list();
    }

    /**
     * Takes the next one that is due. It is due again after the lease, for whoever comes: so it is
     * told at least once.
     */
    public static Optional<Row> take(Handle handle, String target, Duration lease) {
        return handle.createQuery(
                        """
                        update catalogue.notification
                        set due_at = now() + :lease * interval '1 second', attempts = attempts + 1
                        where id = (
                            select id from catalogue.notification
                            where target = :target and ended_at is null and due_at <= now()
                            order by due_at, created_at limit 1 for update skip locked)
                        returning *
                        """)
                .bind("target", target)
                .bind("lease", lease.toSeconds())
                .map((row, _) -> from(row))
                .findOne();
    }

    /** It was delivered, whatever else was thought of it meanwhile. */
    public static void delivered(Handle handle, Row row) {
        handle.createUpdate(
                        """
                        update catalogue.notification_target
                        set failures = 0, last_error = null, last_delivered_at = now() where name = :name
                        """)
                .bind("name", row.target())
                .execute();
        handle.createUpdate(
                        """
                        update catalogue.notification
                        set ended_at = now(), outcome = 'Delivered', last_error = null where id = :id::uuid
                        """)
                .bind("id", row.id())
                .execute();
    }

    /**
     * Answers how many attempts for this target failed in a row.
     *
     * @param retryAfter empty: it is not tried again
     */
    public static int failed(Handle handle, Row row, String error, Optional<Duration> retryAfter) {
        int inARow =
                handle.createQuery(
                                """
                        update catalogue.notification_target
                        set failures = failures + 1, last_error = :error where name = :name
                        returning failures
                        """)
                        .bind("name", row.target())
                        .bind("error", error)
                        .mapTo(Integer.class)
                        .findOne()
                        .orElse(0);
        handle.createUpdate(
                        """
                        update catalogue.notification
                        set last_error = :error,
                            due_at = now() + coalesce(:wait::float8, 0) * interval '1 second',
                            ended_at = case when :wait::float8 is null then now() end,
                            outcome = case when :wait::float8 is null then 'GaveUp' end
                        where id = :id::uuid and ended_at is null
                        """)
                .bind("id", row.id())
                .bind("error", error)
                .bind("wait", retryAfter.map(time -> time.toMillis() / 1000.0).orElse(null))
                .execute();
        return inARow;
    }

    public static Optional<Row> find(Handle handle, String id) {
        return handle.createQuery("select * from catalogue.notification where id = :id::uuid")
                .bind("id", id)
                .map((row, _) -> from(row))
                .findOne();
    }

    /** Newest first. */
    public static List<Row> list(Handle handle, String target, int limit, Optional<String> before) {
        return handle.createQuery(
                        """
                        select * from catalogue.notification
                        where target = :target and (:before::uuid is null
                            or (created_at, id) < (select created_at, id
                                from catalogue.notification where id = :before::uuid))
                        order by created_at desc, id desc limit :limit
                        """)
                .bind("target", target)
                .bind("limit", limit)
                .bind("before", before.orElse(null))
                .map((row, _) -> from(row))
                .list();
    }

    public static void prune(Handle handle, Duration age) {
        handle.createUpdate(
                        "delete from catalogue.notification where ended_at < now() - :age * interval"
                                + " '1 second'")
                .bind("age", age.toSeconds())
                .execute();
    }

    // ---- targets ----

    public static List<Target> targets(Handle handle) {
        return handle.createQuery("select * from catalogue.notification_target order by name")
                .map((row, _) -> target(row))
                .list();
    }

    public static Optional<Target> target(Handle handle, String name) {
        return handle.createQuery("select * from catalogue.notification_target where name = :name")
                .bind("name", name)
                .map((row, _) -> target(row))
                .findOne();
    }

    /**
     * As it shall be from now on.
     *
     * @param afresh what it failed before does not count any more
     */
    public static void put(Handle handle, Target target, boolean afresh) {
        handle.createUpdate(
                        """
                        insert into catalogue.notification_target as target
                            (name, kind, minimum_severity, settings)
                        values (:name, :kind, :severity, cast(:settings as jsonb))
                        on conflict (name) do update
                        set kind = excluded.kind, minimum_severity = excluded.minimum_severity,
                            settings = excluded.settings,
                            failures = case when :afresh then 0 else target.failures end,
                            last_error = case when :afresh then null else target.last_error end
                        """)
                .bind("afresh", afresh)
                .bind("name", target.name())
                .bind("kind", target.kind())
                .bind("severity", target.minimumSeverity().name())
                .bind("settings", target.settings())
                .execute();
    }

    public static void remove(Handle handle, String name) {
        handle.createUpdate("delete from catalogue.notification_target where name = :name")
                .bind("name", name)
                .execute();
    }

    // ---- settings ----

    /** How often an alert that lasts is told of again, and the revision of list and settings. */
    public record Settings(Duration repeatEvery, long revision) {}

    public static Settings settings(Handle handle) {
        return handle.createQuery(
                        """
                        select extract(epoch from repeat_every)::bigint as seconds, revision
                        from catalogue.notification_settings for update
                        """)
                .map(
                        (row, _) ->
                                new Settings(
                                        Duration.ofSeconds(row.getLong("seconds")),
                                        row.getLong("revision")))
                .one();
    }

    public static void settings(Handle handle, Duration repeatEvery) {
        handle.createUpdate(
                        """
                        update catalogue.notification_settings
                        set repeat_every = :seconds * interval '1 second', revision = revision + 1
                        """)
                .bind("seconds", repeatEvery.toSeconds())
                .execute();
    }

    private static Target target(ResultSet row) throws SQLException {
        return new Target(
                row.getString("name"),
                row.getString("kind"),
                AlertSeverity.valueOf(row.getString("minimum_severity")),
                row.getString("settings"),
                row.getInt("failures"),
                Optional.ofNullable(row.getString("last_error")),
                time(row, "last_delivered_at"));
    }

    private static Row from(ResultSet row) throws SQLException {
        return new Row(
                row.getString("id"),
                Optional.ofNullable((Long) row.getObject("alert_id")),
                row.getString("target"),
                Event.valueOf(row.getString("event")),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("due_at").toInstant(),
                row.getInt("attempts"),
                Optional.ofNullable(row.getString("last_error")),
                time(row, "ended_at"),
                Optional.ofNullable(row.getString("outcome")).map(Outcome::valueOf));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }
}
