package dev.toygres.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What servers must agree on about leases; nothing in here is written per renewal. */
public final class LeaseStore {
    private LeaseStore() {}

    /** What a server needs to know of an instance to renew the lease of its primary. */
    public record Tenure(
            String instanceId,
            long term,
            String incumbent,
            Optional<String> candidate,
            boolean withheld,
            long ttlMs) {}

    /** All instances that have a primary. */
    public static List<Tenure> tenures(Handle handle) {
        return handle.createQuery(
                        """
                        select id, term, incumbent, candidate, lease_withheld, lease_ttl_ms
                        from catalogue.instance where incumbent is not null
                        """)
                .map(
                        (row, context) ->
                                new Tenure(
                                        row.getString("id"),
                                        row.getLong("term"),
                                        row.getString("incumbent"),
                                        Optional.ofNullable(row.getString("candidate")),
                                        row.getBoolean("lease_withheld"),
                                        row.getLong("lease_ttl_ms")))
                .list();
    }

    /**
     * Takes or keeps the right to renew; empty when it is another server's, else its generation,
     * which is the same for as long as nobody else has had it.
     */
    public static Optional<Long> claim(Handle handle, String server, Duration right) {
        return handle.createQuery(
                        """
                        insert into catalogue.lease_keeper (owner, until)
                        values (:server, clock_timestamp() + :right * interval '1 ms')
                        on conflict (the_only) do update
                        set owner = excluded.owner, until = excluded.until,
                            generation = lease_keeper.generation
                                + (lease_keeper.owner <> excluded.owner)::int
                        where lease_keeper.owner = excluded.owner
                            or lease_keeper.until < clock_timestamp()
                        returning generation
                        """)
                .bind("server", server)
                .bind("right", right.toMillis())
                .mapTo(Long.class)
                .findOne();
    }

    /** A server that ends leaves its right to the next one. */
    public static void leave(Handle handle, String server) {
        handle.createUpdate(
                        "update catalogue.lease_keeper set until = '-infinity' where owner ="
                                + " :server")
                .bind("server", server)
                .execute();
    }

    /**
     * Draws the number of the next list. Who is not on it may no longer be promoted by an expiry
     * from now on, before the primary hears of it; never while a term is open.
     */
    public static long plan(Handle handle, String id, long term, List<String> next, long ttlMs) {
        return handle.createQuery(
                        """
                        update catalogue.instance
                        set electorate = array(select unnest(electorate) intersect
                                               select unnest(:next) order by 1),
                            electorate_version = electorate_version + 1,
                            lease_ttl_ms = greatest(lease_ttl_ms, :ttl),
                            revision = revision + 1
                        where id = :id and term = :term and candidate is null
                        returning electorate_version
                        """)
                .bind("id", id)
                .bind("term", term)
                .bindArray("next", String.class, next)
                .bind("ttl", ttlMs)
                .mapTo(Long.class)
                .findOne()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "term %d of %s is over, or the next one is open"
                                                .formatted(term, id)));
    }

    /** The primary uses that list, and no older one: from now on it counts. */
    public static void confirm(
            Handle handle, String id, long term, long version, List<String> list, long ttlMs) {
        handle.createUpdate(
                        """
                        update catalogue.instance
                        set electorate = :list, lease_ttl_ms = :ttl, revision = revision + 1
                        where id = :id and term = :term and candidate is null
                            and electorate_version = :version
                        """)
                .bind("id", id)
                .bind("term", term)
                .bind("version", version)
                .bindArray("list", String.class, list)
                .bind("ttl", ttlMs)
                .execute();
    }

    /**
     * The generation of the right to renew while it is that server's; nobody takes it over before
     * the transaction ends, and who does then sees what it has written.
     */
    public static Optional<Long> hold(Handle handle, String server) {
        return handle.createQuery(
                        "select generation from catalogue.lease_keeper where owner = :server for"
                                + " share")
                .bind("server", server)
                .mapTo(Long.class)
                .findOne();
    }

    /**
     * S5: nobody renews the incumbent's lease from now on; true again however often it is said.
     *
     * @param term the open one
     */
    public static boolean withhold(Handle handle, String id, long term) {
        return handle.createUpdate(
                                """
                                update catalogue.instance set lease_withheld = true
                                where id = :id and term = :term and candidate is not null
                                """)
                        .bind("id", id)
                        .bind("term", term)
                        .execute()
                == 1;
    }

    /** The incumbent is to adopt the open term: it may be renewed again. */
    public static void release(Handle handle, String id, long term) {
        handle.createUpdate(
                        """
                        update catalogue.instance set lease_withheld = false
                        where id = :id and term = :term
                        """)
                .bind("id", id)
                .bind("term", term)
                .execute();
    }
}
