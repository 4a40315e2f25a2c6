package dev.toygres.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Hosts, and the tickets with which they join. */
public final class HostStore {
    private HostStore() {}

    public static void addTicket(Handle handle, byte[] hash, Instant expiresAt) {
        handle.createUpdate(
                        "insert into catalogue.join_ticket (hash, expires_at) values (:hash, :expiresAt)")
                .bind("hash", hash)
                .bind("expiresAt", expiresAt)
                .execute();
        handle.execute(
                "delete from catalogue.join_ticket where expires_at < now() - interval '1 day'");
    }

    /** Answers false when the ticket is unknown, used or over. One update: it is used once. */
    public static boolean useTicket(Handle handle, byte[] hash, String hostId, Instant now) {
        return handle.createUpdate(
                                """
                                update catalogue.join_ticket set used_by = :hostId
                                where hash = :hash and used_by is null and expires_at > :now
                                """)
                        .bind("hash", hash)
                        .bind("hostId", hostId)
                        .bind("now", now)
                        .execute()
                == 1;
    }

    public static void join(
            Handle handle, String id, String region, String zone, String host, int port) {
        handle.createUpdate(
                        """
                        insert into catalogue.host (id, region, availability_zone, agent_host, agent_port)
                        values (:id, :region, :zone, :host, :port)
                        on conflict (id) do update set region = excluded.region,
                            availability_zone = excluded.availability_zone,
                            agent_host = excluded.agent_host, agent_port = excluded.agent_port
                        """)
                .bind("id", id)
                .bind("region", region)
                .bind("zone", zone)
                .bind("host", host)
                .bind("port", port)
                .execute();
    }

    public static List<HostRow> list(Handle handle) {
        return handle.createQuery("select * from catalogue.host order by id")
                .map((row, context) -> HostRow.from(row))
                .list();
    }

    public static Set<String> ids(Handle handle) {
        return handle.createQuery("select id from catalogue.host").mapTo(String.class).set();
    }

    public static Optional<HostRow> find(Handle handle, String id) {
        return handle.createQuery("select * from catalogue.host where id = :id")
                .bind("id", id)
                .map((row, context) -> HostRow.from(row))
                .findOne();
    }

    /** Held until the transaction ends: nobody puts anything there meanwhile. */
    public static Optional<HostRow> lock(Handle handle, String id) {
        return handle.createQuery("select * from catalogue.host where id = :id for update")
                .bind("id", id)
                .map((row, context) -> HostRow.from(row))
                .findOne();
    }

    /**
     * Answers the run of the agent that was noted last, so that one of all servers sees it change.
     */
    public static Optional<String> seen(Handle handle, String id, Instant at, String status) {
        return handle.createQuery(
                        """
                        with before as (
                          select id, status ->> 'bootId' as boot_id from catalogue.host where id = :id for update
                        )
                        update catalogue.host
                        set reachable = true, last_seen_at = :at, status = cast(:status as jsonb)
                        from before where host.id = before.id
                        returning before.boot_id
                        """)
                .bind("id", id)
                .bind("at", at)
                .bind("status", status)
                .mapTo(String.class)
                .findOne();
    }

    /** Where an agent listens. */
    public record AgentAt(String host, int port) {}

    /** Without the status, which is large; this is asked for several times a second. */
    public static Optional<AgentAt> agent(Handle handle, String id) {
        return handle.createQuery(
                        "select agent_host, agent_port from catalogue.host where id = :id")
                .bind("id", id)
                .map((row, _) -> new AgentAt(row.getString("agent_host"), row.getInt("agent_port")))
                .findOne();
    }

    public static void lost(Handle handle, String id) {
        handle.createUpdate(
                        "update catalogue.host set reachable = false where id = :id and reachable")
                .bind("id", id)
                .execute();
    }

    public static void forget(Handle handle, String id) {
        handle.createUpdate("delete from catalogue.host where id = :id").bind("id", id).execute();
    }
}
