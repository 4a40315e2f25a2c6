package dev.toygres.orchestrations.instance;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.EndpointUp;
import dev.toygres.agentapi.OrderResult.Fenced;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.Context;
import dev.toygres.durable.Operations;
import dev.toygres.durable.StepFailed;
import dev.toygres.model.Health;
import dev.toygres.model.InstanceEvent;
import dev.toygres.model.InstanceId;
import dev.toygres.model.InstanceState;
import dev.toygres.model.MemberId;
import dev.toygres.model.Placement;
import dev.toygres.model.StopMode;
import dev.toygres.model.parameter.ParameterSet;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.orchestrations.host.Room;
import dev.toygres.orchestrations.host.TermGuard;
import dev.toygres.orchestrations.parameter.Settings;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.MemberStore;
import dev.toygres.store.ParameterStore;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** What the flows of an instance do in their steps: catalogue changes and orders to agents. */
public final class InstanceSteps {
    private static final String FENCED = "Fenced";

    private final Catalogue catalogue;
    private final Vault vault;
    private final Orders orders;
    private final Operations operations;
    private final Endpoints endpoints;
    private final EndpointQuery endpointQuery;
    private final TermGuard terms;
    private final Observations seen;

    public InstanceSteps(
            Catalogue catalogue,
            Vault vault,
            Orders orders,
            Operations operations,
            Endpoints endpoints,
            EndpointQuery endpointQuery,
            TermGuard terms,
            Observations seen) {
        this.catalogue = catalogue;
        this.vault = vault;
        this.orders = orders;
        this.operations = operations;
        this.endpoints = endpoints;
        this.endpointQuery = endpointQuery;
        this.terms = terms;
        this.seen = seen;
    }

    // ---- catalogue ----

    /** Chooses the host, once. */
    public Primary place(Connection connection, String id) {
        Handle handle = Catalogue.within(connection);
        InstanceRow row = InstanceStore.lock(handle, id);
        Optional<Primary> placed = primaryOf(handle, row);
        if (placed.isPresent()) {
            return placed.get();
        }
        String hostId =
                switch (Placement.chooseApartFrom(
                        Room.hostsOf(Topology.of(handle, row)),
                        Room.onHosts(handle),
                        Room.need(row))) {
                    case Placement.Choice.On(var host) -> host.value();
                    case Placement.Choice.Nowhere(var reason) ->
                            throw new IllegalStateException(reason);
                };
        String memberId = addPrimary(handle, row, hostId);
        InstanceStore.appoint(handle, id, row.term(), memberId);
        return new Primary(id, memberId, hostId, row.term());
    }

    /** Under the first name that is free: a replica, perhaps of another instance, may have it. */
    private static String addPrimary(Handle handle, InstanceRow row, String hostId) {
        for (int number = 1; ; number++) {
            String memberId = row.id() + "-m" + number;
            if (MemberStore.add(
                    handle, MemberRow.primary(memberId, row.id(), hostId, row.size()))) {
                return memberId;
            }
        }
    }

    public void makeSecrets(Connection connection, String id) {
        vault.makeFor(Catalogue.within(connection), id);
    }

    Primary primary(Connection connection, String id) {
        Handle handle = Catalogue.within(connection);
        return InstanceStore.find(handle, id)
                .flatMap(row -> primaryOf(handle, row))
                .orElseThrow(() -> new IllegalStateException(id + " was never placed on a host"));
    }

    private static Optional<Primary> primaryOf(Handle handle, InstanceRow row) {
        return row.incumbent()
                .flatMap(memberId -> MemberStore.find(handle, memberId))
                .map(member -> new Primary(row.id(), member.id(), member.hostId(), row.term()));
    }

    Remains remains(Connection connection, String id) {
        return Topology.find(Catalogue.within(connection), id)
                .map(InstanceSteps::remains)
                .orElseGet(() -> new Remains(0, List.of(), Optional.empty()));
    }

    private static Remains remains(Topology topology) {
        InstanceRow row = topology.instance();
        List<Primary> members =
                Stream.concat(topology.replicas().stream(), topology.primary().stream())
                        .map(one -> new Primary(row.id(), one.id(), one.hostId(), row.term()))
                        .toList();
        return new Remains(
                row.term(),
                members,
                row.endpoint()
                        .map(InstanceRow.Endpoint::hostId)
                        .or(() -> topology.primary().map(MemberRow::hostId)));
    }

    void move(Connection connection, String id, InstanceEvent event) {
        InstanceStore.move(Catalogue.within(connection), id, event);
    }

    void failed(Connection connection, String id, StepFailed failure) {
        InstanceStore.fail(Catalogue.within(connection), id, String.valueOf(failure.getMessage()));
    }

    /**
     * Its primary does not come up where it is. With somebody to take its place that is a death
     * like every other, for the watch to judge: an instance that has failed is nobody's.
     */
    void down(Connection connection, String id, StepFailed failure) {
        Handle handle = Catalogue.within(connection);
        boolean hasReplica =
                Topology.find(handle, id).filter(one -> !one.readyReplicas().isEmpty()).isPresent();
        if (hasReplica && InstanceStore.lock(handle, id).state() == InstanceState.Restarting) {
            InstanceStore.move(handle, id, InstanceEvent.started);
            InstanceStore.observe(handle, id, Health.Unhealthy);
        } else {
            failed(connection, id, failure);
        }
    }

    public void created(Connection connection, Primary primary, MemberUp up, EndpointPorts ports) {
        serves(connection, primary, up, Optional.of(ports), InstanceEvent.created);
    }

    /** Its addresses are where they were, if they could not be opened just now. */
    void started(Connection connection, Raised raised, Optional<EndpointPorts> ports) {
        serves(connection, raised.primary(), raised.up(), ports, InstanceEvent.started);
    }

    private static void serves(
            Connection connection,
            Primary primary,
            MemberUp up,
            Optional<EndpointPorts> ports,
            InstanceEvent event) {
        Handle handle = Catalogue.within(connection);
        String id = primary.instanceId();
        MemberStore.up(
                handle,
                primary.memberId(),
                up.address().host(),
                up.address().port(),
                up.systemIdentifier());
        // It stays where it was opened, wherever the primary has gone since.
        String at =
                InstanceStore.find(handle, id)
                        .flatMap(InstanceRow::endpoint)
                        .map(InstanceRow.Endpoint::hostId)
                        .orElse(primary.hostId());
        ports.ifPresent(
                open ->
                        InstanceStore.endpoint(
                                handle,
                                id,
                                new InstanceRow.Endpoint(
                                        at,
                                        open.host(),
                                        open.readWrite(),
                                        open.readOnly(),
                                        open.pooled())));
        InstanceStore.move(handle, id, event);
        InstanceStore.observe(handle, id, Health.Healthy);
    }

    public void forget(Connection connection, String id) {
        Handle handle = Catalogue.within(connection);
        vault.forget(handle, id);
        InstanceStore.remove(handle, id);
    }

    boolean takeLane(Connection connection, String operationId, String id) {
        return operations.takeLane(connection, operationId, Lanes.of(id));
    }

    void cancelOther(String id) {
        operations.holder(Lanes.of(id)).ifPresent(operations::cancel);
    }

    // ---- orders ----

    public void claim(Attempt attempt, Primary primary) {
        orders.claim(attempt, primary.hostId(), primary.memberId());
    }

    /** R6.5: what somebody asked for starts a scratch server before anything is made with it. */
    void tryOut(Attempt attempt, Primary primary) {
        if (!asksFor(primary.instanceId()).equals(ParameterSet.NONE)) {
            orders.carryOut(
                    attempt,
                    primary.hostId(),
                    primary.memberId(),
                    new Order.TryMember(creation(primary)));
        }
    }

    private ParameterSet asksFor(String id) {
        return catalogue.jdbi().withHandle(handle -> ParameterStore.agreed(handle, id)).set();
    }

    public MemberUp create(Attempt attempt, Primary primary) {
        return orders.carryOut(
                attempt, primary.hostId(), primary.memberId(), creation(primary), MemberUp.class);
    }

    private Order.CreateMember creation(Primary primary) {
        InstanceRow row = row(primary.instanceId());
        Vault.Verifiers verifiers = vault.verifiers(row.id());
        return new Order.CreateMember(
                new MemberId(primary.memberId()),
                new InstanceId(row.id()),
                primary.term(),
                row.postgresMajor(),
                settings(row, primary.memberId()),
                row.owner(),
                verifiers.owner(),
                verifiers.pooler(),
                verifiers.replicator(),
                row.database(),
                endpoints.certificate(row, primary.memberId(), primary.hostId()));
    }

    MemberUp start(Attempt attempt, Primary primary) {
        if (isFencedIncumbent(primary)) {
            terms.requireNoOther(primary.instanceId(), primary.memberId(), primary.term());
            orders.carryOut(
                    attempt,
                    primary.hostId(),
                    primary.memberId(),
                    new Order.UnfenceMember(new MemberId(primary.memberId()), primary.term()));
        }
        Order order =
                new Order.StartMember(
                        new MemberId(primary.memberId()),
                        primary.term(),
                        Optional.of(settings(row(primary.instanceId()), primary.memberId())));
        return orders.carryOut(
                attempt, primary.hostId(), primary.memberId(), order, MemberUp.class);
    }

    /** By somebody; or for a term that came to nothing, and away when the next was given (S1). */
    private boolean isFencedIncumbent(Primary primary) {
        InstanceRow row = row(primary.instanceId());
        return row.incumbent().equals(Optional.of(primary.memberId()))
                && row.candidate().isEmpty()
                && row.term() == primary.term()
                && seen.of(
                                catalogue
                                        .jdbi()
                                        .withHandle(
                                                handle ->
                                                        MemberStore.find(
                                                                handle, primary.memberId()))
                                        .orElseThrow())
                        .filter(status -> status.role().equals(FENCED))
                        .isPresent();
    }

    MemberUp restart(Attempt attempt, Primary primary) {
        Order order = new Order.RestartMember(new MemberId(primary.memberId()), primary.term());
        return orders.carryOut(
                attempt, primary.hostId(), primary.memberId(), order, MemberUp.class);
    }

    void stop(Attempt attempt, Primary primary) {
        Order order =
                new Order.StopMember(
                        new MemberId(primary.memberId()), primary.term(), StopMode.Fast);
        orders.carryOut(attempt, primary.hostId(), primary.memberId(), order);
    }

    void fence(Attempt attempt, Primary primary) {
        orders.carryOut(
                attempt,
                primary.hostId(),
                primary.memberId(),
                new Order.FenceMember(new MemberId(primary.memberId()), primary.term()),
                Fenced.class);
    }

    void kill(Attempt attempt, Primary primary) {
        orders.carryOut(
                attempt,
                primary.hostId(),
                primary.memberId(),
                new Order.KillMember(new MemberId(primary.memberId()), primary.term()));
    }

    /** Journalled: the replicas that the flow has to do with. */
    List<Primary> findReplicas(Context context, String id, MemberRow.Stage... stages) {
        return context.transact(
                        "find-replicas",
                        Replicas.class,
                        connection -> replicas(connection, id, List.of(stages)))
                .members();
    }

    private static Replicas replicas(
            Connection connection, String id, List<MemberRow.Stage> stages) {
        return Topology.find(Catalogue.within(connection), id)
                .map(
                        topology ->
                                topology.replicas().stream()
                                        .filter(one -> stages.contains(one.stage()))
                                        .map(
                                                one ->
                                                        new Primary(
                                                                id,
                                                                one.id(),
                                                                one.hostId(),
                                                                topology.instance().term()))
                                        .toList())
                .map(Replicas::new)
                .orElse(new Replicas(List.of()));
    }

    /** What the step found. */
    record Replicas(List<Primary> members) {}

    public EndpointUp openEndpoint(Attempt attempt, Primary primary, Address target) {
        InstanceRow row = row(primary.instanceId());
        return endpoints.open(
                attempt, row, primary.hostId(), primary.term(), target, readers(row.id()));
    }

    private List<Address> readers(String id) {
        Topology topology = topology(id);
        return topology.replicas().stream()
                .filter(one -> topology.instance().readers().contains(one.id()))
                .map(Upstreams::address)
                .toList();
    }

    public void query(String id) throws Exception {
        InstanceRow.Endpoint open = row(id).endpoint().orElseThrow();
        firstQuery(
                id,
                new EndpointPorts(open.host(), open.readWrite(), open.readOnly(), open.pooled()));
    }

    public void firstQuery(String id, EndpointPorts ports) throws Exception {
        InstanceRow row = row(id);
        endpointQuery.ask(row, vault.ownerPassword(id), ports);
    }

    private Map<String, String> settings(InstanceRow row, String memberId) {
        return catalogue
                .jdbi()
                .withHandle(
                        handle ->
                                Settings.of(
                                        handle,
                                        row,
                                        MemberStore.find(handle, memberId).orElseThrow()));
    }

    private InstanceRow row(String id) {
        return catalogue
                .jdbi()
                .withHandle(handle -> InstanceStore.find(handle, id))
                .orElseThrow(() -> new IllegalStateException("instance " + id + " is gone"));
    }

    private Topology topology(String id) {
        return catalogue
                .jdbi()
                .withHandle(handle -> Topology.find(handle, id))
                .orElseThrow(() -> new IllegalStateException("instance " + id + " is gone"));
    }
}
