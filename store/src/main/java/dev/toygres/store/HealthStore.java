package dev.toygres.store;

import dev.toygres.model.health.HealthMonitorConfig;
import dev.toygres.model.health.Situation.Pause;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;

/** Who watches which instance, how, and what was decided. Leases are measured by the catalogue. */
public final class HealthStore {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Kept of each instance. */
    private static final int DECISIONS = 500;

    private HealthStore() {}

    /** How an instance is watched. */
    public record Monitor(
            String instanceId,
            Optional<String> owner,
            HealthMonitorConfig config,
            Optional<Pause> pause) {}

    /** A decision, as it was written when it was another one than before. */
    public record DecisionRow(
            long id,
            String instanceId,
            Instant at,
            String kind,
            String why,
            Map<String, Object> evidence,
            Optional<String> operationId) {}

    /**
     * A server, as the others see it.
     *
     * @param name its process and machine
     * @param hostsHeard how many hosts answer it
     * @param standsBack it leaves the work to others
     */
    public record Watcher(String id, String name, int hostsHeard, boolean standsBack) {}

    /** A server's right to watch, for so long from now by the catalogue's clock. */
    public static void renew(Handle handle, Watcher server, Duration lease) {
        handle.createUpdate(
                        """
                        insert into catalogue.monitor_server
                            (id, name, hosts_heard, stands_back, lease_until)
                        values (:id, :name, :heard, :standsBack,
                            now() + :ms * interval '1 millisecond')
                        on conflict (id) do update set hosts_heard = excluded.hosts_heard,
                            stands_back = excluded.stands_back, lease_until = excluded.lease_until
                        """)
                .bind("id", server.id())
                .bind("name", server.name())
                .bind("heard", server.hostsHeard())
                .bind("standsBack", server.standsBack())
                .bind("ms", lease.toMillis())
                .execute();
        handle.execute(
                "delete from catalogue.monitor_server where lease_until < now() - interval '1 hour'");
    }

    /** All servers that live. */
    public static List<Watcher> watchers(Handle handle) {
        return handle.createQuery(
                        "select * from catalogue.monitor_server where lease_until > now()")
                .map(
                        (row, _) ->
                                new Watcher(
                                        row.getString("id"),
                                        row.getString("name"),
                                        row.getInt("hosts_heard"),
                                        row.getBoolean("stands_back")))
                .list();
    }

    /** It watches nothing any more. */
    public static void resign(Handle handle, String server) {
        handle.createUpdate("delete from catalogue.monitor_server where id = :id")
                .bind("id", server)
                .execute();
    }

    /** The sweep: every instance has its row, and so, by {@link #share}, exactly one watcher. */
    public static int sweep(Handle handle) {
        return handle.createUpdate(
                        """
                        insert into catalogue.health_monitor (instance_id)
                        select id from catalogue.instance
                            where id not in (select instance_id from catalogue.health_monitor)
                        on conflict do nothing
                        """)
                .execute();
    }

    /**
     * Takes what nobody watches, up to a fair share, and gives back what is beyond it: all of it
     * when it stands back. Answers what is this server's now. Servers that do so at once do not get
     * the same instance.
     */
    public static Set<String> share(Handle handle, String server) {
        handle.createUpdate(
                        """
                        with living as (
                            select id from catalogue.monitor_server
                            where lease_until > now() and not stands_back),
                        fair as (
                            select case when :id in (select id from living)
                                then ceil((select count(*) from catalogue.health_monitor)::numeric
                                    / (select count(*) from living))::bigint
                                else 0 end as most),
                        mine as (
                            select count(*) as held from catalogue.health_monitor where owner = :id),
                        surplus as (
                            select instance_id from catalogue.health_monitor where owner = :id
                            order by instance_id offset (select most from fair)),
                        free as (
                            select instance_id from catalogue.health_monitor
                            where owner is null or owner not in (select id from living)
                            order by instance_id
                            limit greatest(0, (select most from fair) - (select held from mine))
                            for update skip locked)
                        update catalogue.health_monitor m
                        set owner = case when m.instance_id in (select instance_id from free)
                            then :id end
                        where (m.instance_id in (select instance_id from free)
                                and (m.owner is null or m.owner not in (select id from living)))
                            or m.instance_id in (select instance_id from surplus)
                        """)
                .bind("id", server)
                .execute();
        return Set.copyOf(
                handle.createQuery(
                                "select instance_id from catalogue.health_monitor where owner = :id")
                        .bind("id", server)
                        .mapTo(String.class)
                        .list());
    }

    /**
     * Whether the server watches the instance, and its lease runs; held so until the transaction
     * ends, so that what it decides is decided by one.
     */
    public static boolean owns(Handle handle, String server, String instanceId) {
        return handle.createQuery(
                        """
                        select true from catalogue.health_monitor m
                            join catalogue.monitor_server s on s.id = m.owner
                        where m.instance_id = :instanceId and m.owner = :server
                            and s.lease_until > now() and not s.stands_back
                        for share of m
                        """)
                .bind("server", server)
                .bind("instanceId", instanceId)
                .mapTo(Boolean.class)
                .findOne()
                .isPresent();
    }

    /** Grows with every draw: orders of the lane {@code monitor} carry it. */
    public static long token(Handle handle) {
        return handle.createQuery("select nextval('durable.token')").mapTo(Long.class).one();
    }

    /** By instance: all that the server watches. */
    public static Map<String, Monitor> monitors(Handle handle, String server) {
        return handle
                .createQuery("select * from catalogue.health_monitor where owner = :server")
                .bind("server", server)
                .map((row, _) -> monitor(row))
                .stream()
                .collect(Collectors.toMap(Monitor::instanceId, one -> one));
    }

    /** By instance: all of the last day, newest first. */
    public static Map<String, List<Instant>> automaticFailovers(Handle handle) {
        return handle
                .createQuery(
                        """
                        select instance_id, started_at from catalogue.failover
                        where cause = 'automatic' and started_at > now() - interval '25 hours'
                        order by started_at desc
                        """)
                .map(
                        (row, _) ->
                                Map.entry(
                                        row.getString("instance_id"),
                                        row.getTimestamp("started_at").toInstant()))
                .stream()
                .collect(
                        Collectors.groupingBy(
                                Map.Entry::getKey,
                                Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    /** A line in the log of deeds: this one was nobody's wish. */
    public static void audit(
            Handle handle,
            String instanceId,
            String action,
            String outcome,
            String detail,
            Optional<String> operationId) {
        handle.createUpdate(
                        """
                        insert into catalogue.audit_entry
                            (actor, role, action, instance_id, operation_id, outcome, detail, source)
                        values ('toygres', 'system', :action, :instanceId, :operationId, :outcome,
                            :detail, 'server')
                        """)
                .bind("action", action)
                .bind("instanceId", instanceId)
                .bind("operationId", operationId.orElse(null))
                .bind("outcome", outcome)
                .bind("detail", detail)
                .execute();
    }

    /** What is so from the beginning, where there is no row yet. */
    public static Monitor monitor(Handle handle, String instanceId) {
        return handle.createQuery("select * from catalogue.health_monitor where instance_id = :id")
                .bind("id", instanceId)
                .map((row, _) -> monitor(row))
                .findOne()
                .orElse(
                        new Monitor(
                                instanceId,
                                Optional.empty(),
                                HealthMonitorConfig.DEFAULT,
                                Optional.empty()));
    }

    private static Monitor monitor(ResultSet row) throws SQLException {
        return new Monitor(
                row.getString("instance_id"),
                Optional.ofNullable(row.getString("owner")),
                Optional.ofNullable(row.getString("config"))
                        .map(text -> JSON.readValue(text, HealthMonitorConfig.class))
                        .orElse(HealthMonitorConfig.DEFAULT),
                Optional.ofNullable(row.getTimestamp("paused_until"))
                        .map(Timestamp::toInstant)
                        .map(until -> new Pause(until, text(row, "pause_reason"))));
    }

    private static String text(ResultSet row, String column) {
        try {
            return Optional.ofNullable(row.getString(column)).orElse("");
        } catch (SQLException cause) {
            throw new IllegalStateException(cause);
        }
    }

    public static void configure(Handle handle, String instanceId, HealthMonitorConfig config) {
        handle.createUpdate(
                        """
                        insert into catalogue.health_monitor (instance_id, config)
                        values (:id, cast(:config as jsonb))
                        on conflict (instance_id) do update set config = excluded.config
                        """)
                .bind("id", instanceId)
                .bind("config", JSON.writeValueAsString(config))
                .execute();
    }

    /** Empty: no longer. */
    public static void pause(Handle handle, String instanceId, Optional<Pause> pause) {
        handle.createUpdate(
                        """
                        insert into catalogue.health_monitor (instance_id, paused_until, pause_reason)
                        values (:id, :until, :reason)
                        on conflict (instance_id) do update
                        set paused_until = excluded.paused_until, pause_reason = excluded.pause_reason
                        """)
                .bind("id", instanceId)
                .bind("until", pause.map(Pause::until).orElse(null))
                .bind("reason", pause.map(Pause::reason).orElse(null))
                .execute();
    }

    /** When it failed over by itself: the last time, and all of the last hour; newest first. */
    public static List<Instant> automaticFailovers(Handle handle, String instanceId) {
        return handle.createQuery(
                        """
                        select started_at from catalogue.failover
                        where instance_id = :id and cause = 'automatic'
                        order by started_at desc limit 61
                        """)
                .bind("id", instanceId)
                .mapTo(Instant.class)
                .list();
    }

    /** R3.55: also what was decided not to be done. */
    public static void decided(
            Handle handle,
            String instanceId,
            String kind,
            String why,
            Map<String, Object> evidence,
            Optional<String> operationId) {
        handle.createUpdate(
                        """
                        insert into catalogue.health_decision
                            (instance_id, kind, why, evidence, operation_id)
                        values (:id, :kind, :why, cast(:evidence as jsonb), :operationId)
                        """)
                .bind("id", instanceId)
                .bind("kind", kind)
                .bind("why", why)
                .bind("evidence", JSON.writeValueAsString(evidence))
                .bind("operationId", operationId.orElse(null))
                .execute();
        handle.createUpdate(
                        """
                        delete from catalogue.health_decision where instance_id = :id and id <= (
                            select id from catalogue.health_decision where instance_id = :id
                            order by id desc offset :most limit 1)
                        """)
                .bind("id", instanceId)
                .bind("most", DECISIONS)
                .execute();
    }

    /** Newest first. */
    public static List<DecisionRow> decisions(Handle handle, String instanceId, int limit) {
        return handle.createQuery(
                        """
                        select * from catalogue.health_decision where instance_id = :id
                        order by id desc limit :limit
                        """)
                .bind("id", instanceId)
                .bind("limit", limit)
                .map((row, _) -> decision(row))
                .list();
    }

    @SuppressWarnings("unchecked")
    private static DecisionRow decision(ResultSet row) throws SQLException {
        return new DecisionRow(
                row.getLong("id"),
                row.getString("instance_id"),
                row.getTimestamp("at").toInstant(),
                row.getString("kind"),
                row.getString("why"),
                JSON.readValue(row.getString("evidence"), Map.class),
                Optional.ofNullable(row.getString("operation_id")));
    }
}
