package dev.toygres.orchestrations.lease;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.Prepared;
import dev.toygres.agentapi.lease.Electorate;
import dev.toygres.agentapi.lease.Electorate.Elector;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.Context;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.model.HostId;
import dev.toygres.model.InstanceId;
import dev.toygres.model.MemberId;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HealthStore;
import dev.toygres.store.HostRow;
import dev.toygres.store.HostStore;
import dev.toygres.store.LeaseStore;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;

/** What flows do about leases. */
public final class LeaseSteps {
    /** What fails is settled by the watch, seconds later. */
    private static final StepOptions BRIEF =
            StepOptions.DEFAULT
                    .attempts(2)
                    .backoff(Duration.ofMillis(200), Duration.ofSeconds(1))
                    .attemptTimeout(Duration.ofSeconds(20))
                    .asAbortable();

    /** Long enough for an expiry, a promotion and a server that takes over in between. */
    public static final Duration PREPARED = Duration.ofMinutes(2);

    private final Catalogue catalogue;
    private final Orders orders;
    private final Observations seen;

    public LeaseSteps(Catalogue catalogue, Orders orders, Observations seen) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.seen = seen;
    }

    /**
     * Makes the electorate fit the replicas. First whoever leaves it can no longer be promoted by
     * an expiry; then the electors vow, then the primary is told, and only when its guard enforces
     * the new list it counts. Cut short anywhere, the catalogue's list is part of the primary's.
     */
    public void settle(Context context, String scope, String instanceId) {
        try {
            Ballot ballot =
                    context.transact(
                            scope + "-plan-electorate", Ballot.class, c -> plan(c, instanceId));
            if (ballot.isDue()) {
                context.step(scope + "-vows", BRIEF, attempt -> vows(attempt, ballot));
                context.step(scope + "-electorate", BRIEF, attempt -> keep(attempt, ballot));
                context.transact(scope + "-confirm-electorate", c -> confirm(c, ballot));
            }
        } catch (StepFailed away) {
            context.transact(scope + "-electorate-later", _ -> {});
        }
    }

    private Ballot plan(Connection connection, String instanceId) {
        var handle = Catalogue.within(connection);
        Topology topology = Topology.find(handle, instanceId).orElseThrow();
        List<String> wanted = Ballot.wanted(topology, seen);
        long ttl = HealthStore.monitor(handle, instanceId).config().leaseTtl().toMillis();
        if (!Ballot.isDue(topology, wanted, ttl)) {
            return Ballot.none(instanceId);
        }
        var instance = topology.instance();
        long version = LeaseStore.plan(handle, instanceId, instance.term(), wanted, ttl);
        List<Ballot.Vote> votes =
                topology.replicas().stream()
                        .filter(one -> wanted.contains(one.id()))
                        .map(
                                one -> {
                                    HostRow host =
                                            HostStore.find(handle, one.hostId()).orElseThrow();
                                    return new Ballot.Vote(
                                            one.id(),
                                            host.id(),
                                            host.agentHost(),
                                            host.agentPort());
                                })
                        .toList();
        return new Ballot(
                instanceId,
                instance.term(),
                topology.placedPrimary().id(),
                topology.placedPrimary().hostId(),
                version,
                ttl,
                votes);
    }

    private void vows(Attempt attempt, Ballot ballot) {
        for (Ballot.Vote vote : ballot.votes()) {
            orders.carryOut(
                    attempt,
                    vote.hostId(),
                    vote.memberId(),
                    new Order.VouchFor(
                            new MemberId(vote.memberId()),
                            new InstanceId(ballot.instanceId()),
                            ballot.term(),
                            new MemberId(ballot.primaryId()),
                            new HostId(ballot.primaryHost()),
                            ballot.ttlMs()));
        }
    }

    private void keep(Attempt attempt, Ballot ballot) {
        List<Elector> electors =
                ballot.votes().stream()
                        .map(
                                one ->
                                        new Elector(
                                                new MemberId(one.memberId()),
                                                new HostId(one.hostId()),
                                                new Address(one.agentHost(), one.agentPort())))
                        .toList();
        orders.carryOut(
                attempt,
                ballot.primaryHost(),
                ballot.primaryId(),
                new Order.KeepElectorate(
                        new MemberId(ballot.primaryId()),
                        ballot.term(),
                        new Electorate(ballot.version(), ballot.ttlMs(), electors)));
    }

    private void confirm(Connection connection, Ballot ballot) {
        LeaseStore.confirm(
                Catalogue.within(connection),
                ballot.instanceId(),
                ballot.term(),
                ballot.version(),
                ballot.votes().stream().map(Ballot.Vote::memberId).toList(),
                ballot.ttlMs());
    }

    /**
     * The candidate of an open term ceases to vouch for older ones, durably: without it no expiry
     * is ever proven (S4). To be done before any promotion that rests on one.
     *
     * @param term the open one
     * @param lasting until then it waits; told again, it waits for longer, never for less
     */
    public Prepared prepare(
            Attempt attempt,
            String instanceId,
            String candidate,
            String host,
            long term,
            Duration lasting) {
        return orders.carryOut(
                attempt,
                host,
                candidate,
                new Order.Prepare(
                        new MemberId(candidate), new InstanceId(instanceId), term, lasting),
                Prepared.class);
    }

    /** The incumbent adopts the open term after all: its lease is renewed again. */
    public void release(String instanceId, long term) {
        catalogue.jdbi().useHandle(handle -> LeaseStore.release(handle, instanceId, term));
    }
}
