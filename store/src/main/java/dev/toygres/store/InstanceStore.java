package dev.toygres.store;

import dev.toygres.model.Durability;
import dev.toygres.model.Health;
import dev.toygres.model.InstanceEvent;
import dev.toygres.model.InstanceState;
import dev.toygres.model.InstanceTransitions;
import dev.toygres.model.IsolationPolicy;
import dev.toygres.model.Refused;
import dev.toygres.model.Size;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Instances. Every change of state goes through the transition table. */
public final class InstanceStore {
    private InstanceStore() {}

    /** Answers false when the name is in use, be it by what is left of a former instance. */
    public static boolean add(Handle handle, InstanceRow row) {
        if (LeftoverStore.ofInstance(handle, row.id()).isPresent()) {
            return false;
        }
        return handle.createUpdate(
                                """
                                insert into catalogue.instance (id, state, postgres_major, size, region,
                                    availability_zone, owner, database, deletion_protection, durability)
                                values (:id, :state, :major, :size, :region, :zone, :owner, :database,
                                    :protection, :durability)
                                on conflict (id) do nothing
                                """)
                        .bind("id", row.id())
                        .bind("state", row.state().name())
                        .bind("major", row.postgresMajor())
                        .bind("size", row.size().name())
                        .bind("region", row.region().orElse(null))
                        .bind("zone", row.availabilityZone().orElse(null))
                        .bind("owner", row.owner())
                        .bind("database", row.database())
                        .bind("protection", row.deletionProtection())
                        .bind("durability", row.durability().name())
                        .execute()
                == 1;
    }

    public static Optional<InstanceRow> find(Handle handle, String id) {
        return handle.createQuery("select * from catalogue.instance where id = :id")
                .bind("id", id)
                .map((row, context) -> InstanceRow.from(row))
                .findOne();
    }

    /** Held until the transaction ends, so that what is decided on it stays true. */
    public static InstanceRow lock(Handle handle, String id) {
        return handle.createQuery("select * from catalogue.instance where id = :id for update")
                .bind("id", id)
                .map((row, context) -> InstanceRow.from(row))
                .findOne()
                .orElseThrow(() -> Refused.notFound("instance", id));
    }

    public static List<InstanceRow> list(Handle handle, int limit, Optional<String> after) {
        return handle.createQuery(
                        "select * from catalogue.instance where id > :after order by id limit"
                                + " :limit")
                .bind("after", after.orElse(""))
                .bind("limit", limit)
                .map((row, context) -> InstanceRow.from(row))
                .list();
    }

    /** Those that the server watches. */
    public static List<InstanceRow> watchedBy(Handle handle, String server) {
        return handle.createQuery(
                        """
                        select i.* from catalogue.instance i
                            join catalogue.health_monitor m on m.instance_id = i.id
                        where m.owner = :server order by i.id
                        """)
                .bind("server", server)
                .map((row, context) -> InstanceRow.from(row))
                .list();
    }

    /**
     * Moves the instance along the transition table; a failure's words go when it is over.
     *
     * @throws Refused when the event does not fit its state
     */
    public static InstanceState move(Handle handle, String id, InstanceEvent event) {
        InstanceRow row = lock(handle, id);
        InstanceState next =
                InstanceTransitions.next(row.state(), event)
                        .orElseThrow(() -> misfit(id, row.state(), event));
        handle.createUpdate(
                        """
                        update catalogue.instance
                        set state = :next, revision = revision + 1,
                            failure = case when :next = 'Failed' then failure end
                        where id = :id
                        """)
                .bind("id", id)
                .bind("next", next.name())
                .execute();
        return next;
    }

    private static Refused misfit(String id, InstanceState state, InstanceEvent event) {
        return Refused.conflict(
                "wrong-state",
                "instance %s is %s; this needs one of %s"
                        .formatted(id, state, InstanceTransitions.allowing(event)));
    }

    public static void fail(Handle handle, String id, String words) {
        move(handle, id, InstanceEvent.failed);
        handle.createUpdate(
                        "update catalogue.instance set failure = :words, health = 'Unhealthy' where"
                                + " id = :id")
                .bind("id", id)
                .bind("words", words)
                .execute();
    }

    /** Written only when it changed: observing costs no writes. */
    public static boolean observe(Handle handle, String id, Health health) {
        return handle.createUpdate(
                                """
                                update catalogue.instance set health = :health, revision = revision + 1
                                where id = :id and health <> :health
                                """)
                        .bind("id", id)
                        .bind("health", health.name())
                        .execute()
                == 1;
    }

    /** S1: who is primary changes only together with the term. */
    public static void appoint(Handle handle, String id, long term, String incumbent) {
        int changed =
                handle.createUpdate(
                                """
                                update catalogue.instance
                                set incumbent = :incumbent, revision = revision + 1
                                where id = :id and term = :term
                                    and (incumbent is null or incumbent = :incumbent)
                                """)
                        .bind("id", id)
                        .bind("term", term)
                        .bind("incumbent", incumbent)
                        .execute();
        if (changed != 1) {
            throw new IllegalStateException(
                    "term " + term + " of " + id + " has another incumbent");
        }
    }

    /**
     * S1: opens the next term for a candidate, durably, before any promote order of it is sent.
     * Answers the new term.
     */
    public static long openTerm(Handle handle, String id, long term, String candidate) {
        int changed =
                handle.createUpdate(
                                """
                                update catalogue.instance
                                set term = term + 1, candidate = :candidate, revision = revision + 1
                                where id = :id and term = :term and candidate is null
                                """)
                        .bind("id", id)
                        .bind("term", term)
                        .bind("candidate", candidate)
                        .execute();
        if (changed != 1) {
            throw new IllegalStateException(
                    "term %d of %s is over, or the next one is open".formatted(term, id));
        }
        return term + 1;
    }

    /** S1: the open term came to nothing; the next one is opened for its incumbent. */
    public static void reopenTerm(Handle handle, String id, long term, String incumbent) {
        int changed =
                handle.createUpdate(
                                """
                                update catalogue.instance
                                set term = term + 1, candidate = :incumbent, revision = revision + 1
                                where id = :id and term = :term and candidate is not null
                                    and incumbent = :incumbent
                                """)
                        .bind("id", id)
                        .bind("term", term)
                        .bind("incumbent", incumbent)
                        .execute();
        if (changed != 1) {
            throw new IllegalStateException("term %d of %s is over".formatted(term, id));
        }
    }

    /** S1, S7: another candidate for the open term, before any promote order of it is sent. */
    public static void candidate(Handle handle, String id, long term, String candidate) {
        int changed =
                handle.createUpdate(
                                """
                                update catalogue.instance
                                set candidate = :candidate, revision = revision + 1
                                where id = :id and term = :term and candidate is not null
                                """)
                        .bind("id", id)
                        .bind("term", term)
                        .bind("candidate", candidate)
                        .execute();
        if (changed != 1) {
            throw new IllegalStateException("term %d of %s is not open".formatted(term, id));
        }
    }

    /** S7: all lists that may be in force: the last one that surely was, and the one on its way. */
    public static List<String> syncLists(Handle handle, String id) {
        return handle.createQuery(
                        """
                        select distinct unnest(sync_names || coalesce(sync_next, '{}'))
                        from catalogue.instance where id = :id order by 1
                        """)
                .bind("id", id)
                .mapTo(String.class)
                .list();
    }

    /**
     * S7: whether commits may have waited for nobody though a list is known: one of the two that
     * may be in force is empty, and the other is not.
     */
    public static boolean mayHaveWaitedForNobody(Handle handle, String id) {
        return handle.createQuery(
                        """
                        select sync_next is not null and (sync_names = '{}') <> (sync_next = '{}')
                        from catalogue.instance where id = :id
                        """)
                .bind("id", id)
                .mapTo(Boolean.class)
                .one();
    }

    /**
     * S1: the open term has its primary: the candidate, or the incumbent that adopts it. Nobody may
     * be promoted by an expiry until the electors have been told of the new term.
     */
    public static void settleTerm(Handle handle, String id, long term, String primary) {
        int changed =
                handle.createUpdate(
                                """
                                update catalogue.instance
                                set incumbent = :primary, candidate = null, electorate = '{}',
                                    lease_withheld = false, revision = revision + 1
                                where id = :id and term = :term
                                    and (candidate = :primary or incumbent = :primary)
                                """)
                        .bind("id", id)
                        .bind("term", term)
                        .bind("primary", primary)
                        .execute();
        if (changed != 1) {
            throw new IllegalStateException("term %d of %s is over".formatted(term, id));
        }
    }

    /**
     * S1: the open term is its incumbent's, who takes it up once its host is back. Until then it
     * uses the list that it has, and its electors are in no newer term: an expiry can be proven.
     */
    public static void leaveTerm(Handle handle, String id, long term, String incumbent) {
        int changed =
                handle.createUpdate(
                                """
                                update catalogue.instance
                                set candidate = null, lease_withheld = false,
                                    revision = revision + 1
                                where id = :id and term = :term and candidate = :incumbent
                                    and incumbent = :incumbent
                                """)
                        .bind("id", id)
                        .bind("term", term)
                        .bind("incumbent", incumbent)
                        .execute();
        if (changed != 1) {
            throw new IllegalStateException("term %d of %s is over".formatted(term, id));
        }
    }

    /**
     * S1: what the members know and a catalogue from a backup has forgotten. Which sync list is in
     * force is not known then (S7), and electorates are newer than what was told since.
     */
    public static void adoptTerm(Handle handle, String id, long known, long term, String primary) {
        int changed =
                handle.createUpdate(
                                """
                                update catalogue.instance
                                set term = :term, incumbent = :primary, candidate = null,
                                    electorate = '{}',
                                    electorate_version = electorate_version + 1000000,
                                    lease_withheld = false,
                                    sync_next = coalesce(sync_next, sync_names),
                                    revision = revision + 1
                                where id = :id and term = :known
                                """)
                        .bind("id", id)
                        .bind("known", known)
                        .bind("term", term)
                        .bind("primary", primary)
                        .execute();
        if (changed != 1) {
            throw new IllegalStateException("term %d of %s is over".formatted(known, id));
        }
    }

    /** S7: from now on this list may be in force; by compare-and-set on the term. */
    public static void planSync(Handle handle, String id, long term, List<String> names) {
        int changed =
                handle.createUpdate(
                                """
                                update catalogue.instance set sync_next = :names
                                where id = :id and term = :term
                                """)
                        .bind("id", id)
                        .bind("term", term)
                        .bindArray("names", String.class, names)
                        .execute();
        if (changed != 1) {
            throw new IllegalStateException("term %d of %s is over".formatted(term, id));
        }
    }

    public static void readers(Handle handle, String id, List<String> memberIds) {
        handle.createUpdate("update catalogue.instance set readers = :readers where id = :id")
                .bind("id", id)
                .bindArray("readers", String.class, memberIds)
                .execute();
    }

    /** The planned list is in force now, and no other. */
    public static void confirmSync(Handle handle, String id, long term) {
        handle.createUpdate(
                        """
                        update catalogue.instance
                        set sync_names = coalesce(sync_next, sync_names), sync_next = null,
                            revision = revision + 1
                        where id = :id and term = :term
                        """)
                .bind("id", id)
                .bind("term", term)
                .execute();
    }

    public static void authority(Handle handle, String id, String certificate) {
        handle.createUpdate("update catalogue.instance set ca_certificate = :pem where id = :id")
                .bind("id", id)
                .bind("pem", certificate)
                .execute();
    }

    public static void endpoint(Handle handle, String id, InstanceRow.Endpoint endpoint) {
        handle.createUpdate(
                        """
                        update catalogue.instance
                        set endpoint_host_id = :hostId, endpoint_host = :host,
                            endpoint_read_write = :readWrite, endpoint_read_only = :readOnly,
                            endpoint_pooled = :pooled, revision = revision + 1
                        where id = :id
                        """)
                .bind("id", id)
                .bindMethods(endpoint)
                .execute();
    }

    /**
     * S13: the same addresses at another host; answers false when they are no longer at the first.
     */
    public static boolean moveEndpoint(Handle handle, String id, String from, String to) {
        return handle.createUpdate(
                                """
                                update catalogue.instance
                                set endpoint_host_id = :to, revision = revision + 1
                                where id = :id and endpoint_host_id = :from
                                """)
                        .bind("id", id)
                        .bind("from", from)
                        .bind("to", to)
                        .execute()
                == 1;
    }

    /** Instances whose addresses are on that host. */
    public static List<String> servedFrom(Handle handle, String hostId) {
        return handle.createQuery(
                        "select id from catalogue.instance where endpoint_host_id = :id order by"
                                + " id")
                .bind("id", hostId)
                .mapTo(String.class)
                .list();
    }

    /** The host is gone for good: its instances have no addresses until they are opened anew. */
    public static void loseEndpoints(Handle handle, String hostId) {
        handle.createUpdate(
                        """
                        update catalogue.instance
                        set endpoint_host_id = null, endpoint_host = null,
                            endpoint_read_write = null, endpoint_read_only = null,
                            endpoint_pooled = null, revision = revision + 1
                        where endpoint_host_id = :id
                        """)
                .bind("id", hostId)
                .execute();
    }

    /** Answers false when the caller's revision is no longer the one there. */
    public static boolean update(
            Handle handle,
            String id,
            Optional<Boolean> protection,
            Optional<Durability> durability,
            Optional<IsolationPolicy> policy,
            Optional<Boolean> readOnlyFallback,
            Optional<Long> revision) {
        return handle.createUpdate(
                                """
                                update catalogue.instance
                                set deletion_protection = coalesce(:protection, deletion_protection),
                                    durability = coalesce(:durability, durability),
                                    isolation_policy = coalesce(:policy, isolation_policy),
                                    read_only_fallback = coalesce(:fallback, read_only_fallback),
                                    revision = revision + 1
                                where id = :id and revision = coalesce(:revision, revision)
                                """)
                        .bind("id", id)
                        .bind("protection", protection.orElse(null))
                        .bind("durability", durability.map(Enum::name).orElse(null))
                        .bind("policy", policy.map(Enum::name).orElse(null))
                        .bind("fallback", readOnlyFallback.orElse(null))
                        .bind("revision", revision.orElse(null))
                        .execute()
                == 1;
    }

    /** Of its members, those that had its size. */
    public static void resize(Handle handle, String id, Size size) {
        handle.createUpdate(
                        """
                        update catalogue.member m set size = :size from catalogue.instance i
                        where i.id = :id and m.instance_id = i.id and m.size = i.size
                        """)
                .bind("id", id)
                .bind("size", size.name())
                .execute();
        handle.createUpdate(
                        """
                        update catalogue.instance set size = :size, revision = revision + 1
                        where id = :id
                        """)
                .bind("id", id)
                .bind("size", size.name())
                .execute();
    }

    /** The last act of a deletion: now the name is free. */
    public static void remove(Handle handle, String id) {
        handle.createUpdate("delete from catalogue.instance where id = :id")
                .bind("id", id)
                .execute();
    }
}
