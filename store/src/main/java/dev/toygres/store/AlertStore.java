package dev.toygres.store;

import dev.toygres.model.Alert;
import dev.toygres.model.AlertSeverity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;

/** Alerts: at most one unresolved one for each key. Times are the catalogue's own. */
public final class AlertStore {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private AlertStore() {}

    /**
     * An alert as the catalogue has it.
     *
     * @param count how often it was raised
     */
    public record Row(
            long id,
            String key,
            Optional<String> instanceId,
            AlertSeverity severity,
            String kind,
            String message,
            Map<String, Object> evidence,
            Instant raisedAt,
            Instant lastRaisedAt,
            Instant lastNotifiedAt,
            int count,
            Optional<Instant> acknowledgedAt,
            Optional<String> acknowledgedBy,
            Optional<Instant> resolvedAt) {}

    /** Which ones: those that fit everything that is there. */
    public record Filter(
            Optional<String> instanceId, Optional<Which> state, Optional<AlertSeverity> severity) {

        public static final Filter NONE =
                new Filter(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Where an alert is in its life. The names are part of the contract. */
    public enum State {
        open,
        acknowledged,
        resolved
    }

    /**
     * States to ask for; unresolved is open or acknowledged. The names are part of the contract.
     */
    public enum Which {
        open,
        acknowledged,
        resolved,
        unresolved
    }

    /**
     * What raising did.
     *
     * @param news whether it was not there before, or matters more than before
     */
    public record Raised(long id, boolean news) {}

    /** The same alert while one with its key is unresolved; with its newest words. */
    public static Raised raise(Handle handle, Alert alert) {
        return handle.createQuery(
                        """
                        with known as (
                            select severity from catalogue.alert
                            where key = :key and resolved_at is null)
                        insert into catalogue.alert (key, instance_id, severity, kind, message, evidence)
                        values (:key, :instanceId, :severity, :kind, :message, cast(:evidence as jsonb))
                        on conflict (key) where resolved_at is null do update
                        set severity = excluded.severity, message = excluded.message,
                            evidence = excluded.evidence, last_raised_at = now(),
                            count = alert.count + 1
                        returning id, xmax = 0 as fresh, (select severity from known) as known
                        """)
                .bind("key", alert.key())
                .bind("instanceId", alert.instanceId().orElse(null))
                .bind("severity", alert.severity().name())
                .bind("kind", alert.kind().name())
                .bind("message", alert.message())
                .bind("evidence", JSON.writeValueAsString(alert.evidence()))
                .map((row, _) -> new Raised(row.getLong("id"), isNews(row, alert)))
                .one();
    }

    private static boolean isNews(ResultSet row, Alert alert) throws SQLException {
        String known = row.getString("known");
        return row.getBoolean("fresh")
                || (known != null && AlertSeverity.valueOf(known).compareTo(alert.severity()) < 0);
    }

    /** Something that happened, and is over: never open. */
    public static long happened(Handle handle, Alert alert) {
        return handle.createQuery(
                        """
                        insert into catalogue.alert (key, instance_id, severity, kind, message, evidence,
                            resolved_at)
                        values (:key, :instanceId, :severity, :kind, :message, cast(:evidence as jsonb),
                            now())
                        returning id
                        """)
                .bind("key", alert.key())
                .bind("instanceId", alert.instanceId().orElse(null))
                .bind("severity", alert.severity().name())
                .bind("kind", alert.kind().name())
                .bind("message", alert.message())
                .bind("evidence", JSON.writeValueAsString(alert.evidence()))
                .mapTo(Long.class)
                .one();
    }

    /** Somebody is told of it again: whoever had acknowledged it did not know this. */
    public static void renewed(Handle handle, long id) {
        handle.createUpdate(
                        """
                        update catalogue.alert
                        set last_notified_at = now(), acknowledged_at = null, acknowledged_by = null
                        where id = :id
                        """)
                .bind("id", id)
                .execute();
    }

    /** Answers the id of the alert that was unresolved until now. */
    public static Optional<Long> resolve(Handle handle, String key) {
        return handle.createQuery(
                        """
                        update catalogue.alert set resolved_at = now()
                        where key = :key and resolved_at is null returning id
                        """)
                .bind("key", key)
                .mapTo(Long.class)
                .findOne();
    }

    /** Keys of the unresolved alerts of instances that are not there any more. */
    public static List<String> orphans(Handle handle) {
        return handle.createQuery(
                        """
                        select key from catalogue.alert
                        where resolved_at is null and instance_id is not null and not exists (
                            select from catalogue.instance where instance.id = alert.instance_id)
                        """)
                .mapTo(String.class)
                .list();
    }

    /** The unresolved ones of these kinds. */
    public static List<Row> unresolved(Handle handle, List<String> kinds) {
        return handle.createQuery(
                        """
                        select * from catalogue.alert
                        where resolved_at is null and kind = any (:kinds) order by id
                        """)
                .bindArray("kinds", String.class, kinds)
                .map((row, _) -> from(row))
                .list();
    }

    public static Optional<Row> find(Handle handle, long id) {
        return handle.createQuery("select * from catalogue.alert where id = :id")
                .bind("id", id)
                .map((row, _) -> from(row))
                .findOne();
    }

    /** Newest first. */
    public static List<Row> list(Handle handle, Filter filter, int limit, Optional<Long> before) {
        return handle.createQuery(
                        """
                        select * from catalogue.alert
                        where (:instanceId::text is null or instance_id = :instanceId)
                            and (:severity::text is null or severity = :severity)
                            and (:state::text is null or :state = case
                                when resolved_at is not null then 'resolved'
                                when acknowledged_at is not null then 'acknowledged'
                                else 'open' end
                                or (:state = 'unresolved' and resolved_at is null))
                            and id < :before
                        order by id desc limit :limit
                        """)
                .bind("instanceId", filter.instanceId().orElse(null))
                .bind("severity", filter.severity().map(Enum::name).orElse(null))
                .bind("state", filter.state().map(Enum::name).orElse(null))
                .bind("before", before.orElse(Long.MAX_VALUE))
                .bind("limit", limit)
                .map((row, _) -> from(row))
                .list();
    }

    /**
     * Somebody has taken note, whoever was the first.
     *
     * @param ends kinds of which nothing is left to do then
     */
    public static void acknowledge(Handle handle, long id, String who, List<String> ends) {
        handle.createUpdate(
                        """
                        update catalogue.alert set acknowledged_at = now(), acknowledged_by = :who,
                            resolved_at = case when kind = any (:ends) then now() end
                        where id = :id and resolved_at is null and acknowledged_at is null
                        """)
                .bind("id", id)
                .bind("who", who)
                .bindArray("ends", String.class, ends)
                .execute();
    }

    /**
     * Takes those that last and were not told of for so long, and counts them as told of now. Any
     * number of servers may ask at once.
     */
    public static List<Long> takeToRepeat(Handle handle, Duration acknowledged, int limit) {
        return handle.createQuery(
                        """
                        update catalogue.alert set last_notified_at = now()
                        where id in (
                            select id from catalogue.alert, catalogue.notification_settings
                            where resolved_at is null and last_notified_at < now() - case
                                when acknowledged_at is null then repeat_every
                                else greatest(repeat_every, :acknowledged * interval '1 second') end
                            order by id limit :limit for update of alert skip locked)
                        returning id
                        """)
                .bind("acknowledged", acknowledged.toSeconds())
                .bind("limit", limit)
                .mapTo(Long.class)
                .list();
    }

    /** How many are unresolved, by severity and whether somebody has acknowledged them. */
    public static Map<String, Long> countUnresolved(Handle handle) {
        return handle.createQuery(
                        """
                        select severity || '/' || case when acknowledged_at is null then 'open'
                            else 'acknowledged' end as which, count(*) as many
                        from catalogue.alert where resolved_at is null group by 1
                        """)
                .setMapKeyColumn("which")
                .setMapValueColumn("many")
                .collectInto(new org.jdbi.v3.core.generic.GenericType<Map<String, Long>>() {});
    }

    /** Forgets what was resolved long ago. */
    public static void prune(Handle handle, Duration age) {
        handle.createUpdate(
                        "delete from catalogue.alert where resolved_at < now() - :age * interval '1"
                                + " second'")
                .bind("age", age.toSeconds())
                .execute();
    }

    @SuppressWarnings("unchecked")
    private static Row from(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("id"),
                row.getString("key"),
                Optional.ofNullable(row.getString("instance_id")),
                AlertSeverity.valueOf(row.getString("severity")),
                row.getString("kind"),
                row.getString("message"),
                JSON.readValue(row.getString("evidence"), Map.class),
                row.getTimestamp("raised_at").toInstant(),
                row.getTimestamp("last_raised_at").toInstant(),
                row.getTimestamp("last_notified_at").toInstant(),
                row.getInt("count"),
                time(row, "acknowledged_at"),
                Optional.ofNullable(row.getString("acknowledged_by")),
                time(row, "resolved_at"));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }
}
