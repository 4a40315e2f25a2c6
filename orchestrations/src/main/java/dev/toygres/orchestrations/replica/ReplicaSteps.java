package dev.toygres.orchestrations.replica;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.Certificate;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.agentapi.OrderResult.Rejoined;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.Context;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.model.InstanceId;
import dev.toygres.model.MemberId;
import dev.toygres.model.ReplicaHealth.Sight;
import dev.toygres.model.ReplicaState;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.backup.Archiving;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.orchestrations.instance.Endpoints;
import dev.toygres.orchestrations.instance.Upstreams;
import dev.toygres.orchestrations.lease.LeaseSteps;
import dev.toygres.orchestrations.parameter.Settings;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.MemberStore;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the flows of replicas do in their steps. */
public final class ReplicaSteps {
    static final StepOptions UNDO = StepOptions.DEFAULT.attempts(20);

    /** As long as a large database takes to copy; told of when it takes longer. */
    static final StepOptions LONG =
            StepOptions.DEFAULT
                    .attempts(3)
                    .attemptTimeout(Duration.ofDays(2))
                    .deadline(Duration.ofHours(12))
                    .asAbortable();

    /** Half a minute in all. */
    static final StepOptions PROMPT =
            StepOptions.DEFAULT
                    .attempts(60)
                    .backoff(Duration.ofMillis(100), Duration.ofMillis(500));

    private static final Duration CATCH_UP = Duration.ofHours(24);

    private final Catalogue catalogue;
    private final Orders orders;
    private final Agents agents;
    private final Endpoints endpoints;
    private final Upstreams upstreams;
    private final LeaseSteps leases;
    private final Observations seen;
    private final Archiving archiving;

    public ReplicaSteps(
            Catalogue catalogue,
            Orders orders,
            Agents agents,
            Endpoints endpoints,
            Upstreams upstreams,
            LeaseSteps leases,
            Observations seen,
            Archiving archiving) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.agents = agents;
        this.endpoints = endpoints;
        this.upstreams = upstreams;
        this.leases = leases;
        this.seen = seen;
        this.archiving = archiving;
    }

    // ---- catalogue ----

    Pair pair(Connection connection, ReplicaInput input) {
        Topology topology =
                Topology.find(Catalogue.within(connection), input.instanceId()).orElseThrow();
        MemberRow primary = topology.placedPrimary();
        MemberRow replica =
                topology.replica(input.replicaId())
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                input.replicaId() + " is no replica any more"));
        return new Pair(
                input.instanceId(),
                topology.instance().term(),
                primary.id(),
                primary.hostId(),
                replica.id(),
                replica.hostId(),
                replica.slot());
    }

    void recordAddress(Connection connection, Pair pair, MemberUp up) {
        MemberStore.up(
                Catalogue.within(connection),
                pair.replicaId(),
                up.address().host(),
                up.address().port(),
                up.systemIdentifier());
    }

    void register(Connection connection, Pair pair) {
        MemberStore.stage(
                Catalogue.within(connection),
                pair.replicaId(),
                MemberRow.Stage.Ready,
                Optional.empty());
    }

    /** Whatever it was: nothing shall lean on it any more. */
    void markRemoving(Connection connection, String replicaId) {
        MemberStore.stage(
                Catalogue.within(connection),
                replicaId,
                MemberRow.Stage.Removing,
                Optional.empty());
    }

    /** What there was of it may be gone: somebody has to make it anew. */
    void markBroken(Connection connection, String replicaId, StepFailed failure) {
        left(connection, replicaId, MemberRow.Stage.Broken, String.valueOf(failure.getMessage()));
    }

    /** It is tried again. */
    void markDetached(Connection connection, String replicaId, StepFailed failure) {
        left(connection, replicaId, MemberRow.Stage.Detached, String.valueOf(failure.getMessage()));
    }

    void leaveBroken(Connection connection, String replicaId) {
        left(
                connection,
                replicaId,
                MemberRow.Stage.Broken,
                "its rebuild was cancelled, or made room for a failover: rebuild or remove it");
    }

    void leaveDetached(Connection connection, String replicaId) {
        left(
                connection,
                replicaId,
                MemberRow.Stage.Detached,
                "its return was cancelled, or made room for a failover: it is tried again");
    }

    private static void left(
            Connection connection, String replicaId, MemberRow.Stage stage, String words) {
        MemberStore.stage(Catalogue.within(connection), replicaId, stage, Optional.of(words));
    }

    void forget(Connection connection, String replicaId) {
        MemberStore.remove(Catalogue.within(connection), replicaId);
    }

    // ---- orders ----

    void claimPrimary(Attempt attempt, Pair pair) {
        orders.claim(attempt, pair.primaryHost(), pair.primaryId());
    }

    void claim(Attempt attempt, Pair pair) {
        claimPrimary(attempt, pair);
        orders.claim(attempt, pair.replicaHost(), pair.replicaId());
    }

    void keepSlot(Attempt attempt, Pair pair) {
        orders.carryOut(
                attempt,
                pair.primaryHost(),
                pair.primaryId(),
                new Order.KeepSlot(new MemberId(pair.primaryId()), pair.term(), pair.slot()));
    }

    void dropSlot(Attempt attempt, Pair pair) {
        orders.carryOut(
                attempt,
                pair.primaryHost(),
                pair.primaryId(),
                new Order.DropSlot(new MemberId(pair.primaryId()), pair.term(), pair.slot()));
    }

    MemberUp create(Attempt attempt, Pair pair, Copy copy) {
        return create(attempt, pair, copy, false);
    }

    /** In the place of a copy that this run has destroyed. */
    MemberUp createAnew(Attempt attempt, Pair pair, Copy copy) {
        return create(attempt, pair, copy, true);
    }

    /**
     * Its own data is asked first where something is wrong with it and nobody named a source. One
     * that streams is made anew because somebody does not trust what it has.
     */
    RebuildReplica.Way way(Connection connection, Pair pair, Copy copy) {
        Topology topology =
                Topology.find(Catalogue.within(connection), pair.instanceId()).orElseThrow();
        MemberRow primary = topology.placedPrimary();
        MemberRow replica = topology.replica(pair.replicaId()).orElseThrow();
        boolean astray =
                switch (seen.sight(primary, replica)) {
                    case Sight.Up up -> !up.standby() || !up.streaming();
                    case Sight.Down _, Sight.Stopped _ -> true;
                    case Sight.Unreachable _, Sight.Missing _ -> false;
                };
        return new RebuildReplica.Way(
                astray
                        && copy.equals(Copy.USUAL)
                        && replica.addressPort().isPresent()
                        && !seen.slotLost(primary, replica));
    }

    private MemberUp create(Attempt attempt, Pair pair, Copy copy, boolean afterDestroy) {
        Topology topology = topology(pair.instanceId());
        MemberRow replica = topology.replica(pair.replicaId()).orElseThrow();
        Certificate certificate =
                endpoints.certificate(topology.instance(), replica.id(), replica.hostId());
        Order order =
                new Order.CreateReplica(
                        new MemberId(replica.id()),
                        new InstanceId(pair.instanceId()),
                        pair.term(),
                        topology.instance().postgresMajor(),
                        settings(topology, replica),
                        upstreams.of(topology.placedPrimary(), replica),
                        certificate,
                        source(topology, copy),
                        copy.kilobytes(),
                        afterDestroy);
        return orders.carryOut(attempt, replica.hostId(), replica.id(), order, MemberUp.class);
    }

    /** One that has gone meanwhile is no reason to fail: then it is the primary. */
    private static Optional<Address> source(Topology topology, Copy copy) {
        return copy.from()
                .flatMap(topology::replica)
                .filter(one -> one.stage() == MemberRow.Stage.Ready)
                .map(Upstreams::address);
    }

    private Map<String, String> settings(Topology topology, MemberRow replica) {
        return catalogue
                .jdbi()
                .withHandle(handle -> Settings.of(handle, topology.instance(), replica));
    }

    /**
     * By a start, pg_rewind or a copy: its agent fences it first, and keeps what it alone had (S8).
     */
    void rejoin(Context context, StepOptions options, Pair pair) {
        Rejoined rejoined =
                context.step("rejoin", options, Rejoined.class, attempt -> rejoin(attempt, pair));
        KeptTail.tell(context, pair.instanceId(), pair.replicaId(), pair.replicaHost(), rejoined);
    }

    private Rejoined rejoin(Attempt attempt, Pair pair) {
        Topology topology = topology(pair.instanceId());
        MemberRow replica = topology.replica(pair.replicaId()).orElseThrow();
        return orders.carryOut(
                attempt,
                replica.hostId(),
                replica.id(),
                new Order.RejoinMember(
                        new MemberId(replica.id()),
                        pair.term(),
                        upstreams.of(topology.placedPrimary(), replica),
                        endpoints.certificate(topology.instance(), replica.id(), replica.hostId()),
                        settings(topology, replica),
                        true),
                Rejoined.class);
    }

    /** S10: nobody streams from a former primary; its slots would keep WAL for ever. */
    void dropSlots(Attempt attempt, Pair pair) {
        Topology topology = topology(pair.instanceId());
        topology.members()
                .filter(one -> !one.id().equals(pair.replicaId()))
                .forEach(
                        one ->
                                orders.carryOut(
                                        attempt,
                                        one.slot(),
                                        pair.replicaHost(),
                                        pair.replicaId(),
                                        new Order.DropSlot(
                                                new MemberId(pair.replicaId()),
                                                pair.term(),
                                                one.slot())));
    }

    /** Up to where the primary is now. */
    void catchUp(Attempt attempt, Pair pair) {
        MemberRow primary = topology(pair.instanceId()).placedPrimary();
        String position = seen.awaitPosition(agents, primary).toString();
        orders.carryOut(
                attempt,
                pair.replicaHost(),
                pair.replicaId(),
                new Order.AwaitPosition(
                        new MemberId(pair.replicaId()), pair.term(), position, CATCH_UP));
    }

    /** Seen by the same look that decides who serves reads; asked again until it is. */
    void seeStreaming(Pair pair) {
        look(pair.instanceId());
        Topology topology = topology(pair.instanceId());
        ReplicaState state =
                seen.verdict(
                                topology.placedPrimary(),
                                topology.replica(pair.replicaId()).orElseThrow())
                        .state();
        if (state != ReplicaState.Streaming && state != ReplicaState.Lagging) {
            throw new IllegalStateException(pair.replicaId() + " does not stream yet: " + state);
        }
    }

    void destroy(Attempt attempt, Pair pair) {
        orders.carryOut(
                attempt,
                pair.replicaHost(),
                pair.replicaId(),
                new Order.DestroyMember(new MemberId(pair.replicaId()), pair.term()));
    }

    /** P52: it archives from its first moment as primary, to where its instance does. */
    void archive(Attempt attempt, Pair pair) {
        archiving.follow(
                attempt, pair.instanceId(), pair.replicaId(), pair.replicaHost(), pair.term());
    }

    // ---- what leans on the replicas ----

    /**
     * Makes the sync list and the readers fit the replicas as they are now. A primary that hangs
     * holds an order for half a minute: whoever has to fail it over does not wait for that (P48).
     */
    public void settle(Context context, String scope, String instanceId) {
        settle(context, scope, instanceId, StepOptions.DEFAULT.asAbortable());
    }

    void settle(Context context, String scope, String instanceId, StepOptions patience) {
        context.step(scope + "-look", patience, _ -> look(instanceId));
        Settlement wanted =
                context.transact(scope + "-decide", Settlement.class, c -> decide(c, instanceId));
        if (wanted.syncChanges()) {
            context.step(scope + "-sync-list", patience, attempt -> gate(attempt, wanted));
        }
        // An endpoint whose host is away must not keep a new primary from its lease.
        leases.settle(context, scope, instanceId);
        if (wanted.readersChange()) {
            context.step(scope + "-readers", patience, attempt -> route(attempt, wanted));
        }
        if (wanted.isDue()) {
            context.transact(scope + "-confirm", c -> confirm(c, wanted));
        }
    }

    private void look(String instanceId) {
        seen.refresh(agents, topology(instanceId).hosts());
    }

    /** S7: the list that may soon be in force is written down before anybody applies it. */
    private Settlement decide(Connection connection, String instanceId) {
        var handle = Catalogue.within(connection);
        Settlement wanted = Settlement.of(Topology.find(handle, instanceId).orElseThrow(), seen);
        if (wanted.syncChanges()) {
            InstanceStore.planSync(handle, instanceId, wanted.term(), wanted.syncNames());
        }
        return wanted;
    }

    private void gate(Attempt attempt, Settlement wanted) {
        orders.carryOut(
                attempt,
                wanted.primaryHost(),
                wanted.primaryId(),
                new Order.SyncStandbys(
                        new MemberId(wanted.primaryId()), wanted.term(), 1, wanted.syncNames()));
    }

    private void route(Attempt attempt, Settlement wanted) {
        Topology topology = topology(wanted.instanceId());
        List<Address> readers =
                topology.replicas().stream()
                        .filter(one -> wanted.readers().contains(one.id()))
                        .map(Upstreams::address)
                        .toList();
        endpoints.open(
                attempt,
                topology.instance(),
                wanted.primaryHost(),
                wanted.term(),
                Upstreams.address(topology.placedPrimary()),
                readers);
    }

    private void confirm(Connection connection, Settlement wanted) {
        var handle = Catalogue.within(connection);
        InstanceStore.confirmSync(handle, wanted.instanceId(), wanted.term());
        if (wanted.readersChange()) {
            InstanceStore.readers(handle, wanted.instanceId(), wanted.readers());
        }
    }

    private Topology topology(String instanceId) {
        return catalogue
                .jdbi()
                .withHandle(handle -> Topology.find(handle, instanceId))
                .orElseThrow();
    }
}
