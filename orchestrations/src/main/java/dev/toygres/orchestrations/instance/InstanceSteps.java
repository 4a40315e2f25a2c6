package dev.toygres.orchestrations.instance;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.Certificate;
import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.EndpointUp;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.Operations;
import dev.toygres.durable.StepFailed;
import dev.toygres.model.Health;
import dev.toygres.model.InstanceEvent;
import dev.toygres.model.InstanceId;
import dev.toygres.model.MemberId;
import dev.toygres.model.Placement;
import dev.toygres.model.SizeSettings;
import dev.toygres.model.StopMode;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.host.Room;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HostStore;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.MemberStore;
import java.sql.Connection;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What the flows of an instance do in their steps: catalogue changes and orders to agents. */
public final class InstanceSteps {
    private final Catalogue catalogue;
    private final Vault vault;
    private final Orders orders;
    private final Operations operations;
    private final EndpointQuery endpointQuery;

    public InstanceSteps(
            Catalogue catalogue,
            Vault vault,
            Orders orders,
            Operations operations,
            EndpointQuery endpointQuery) {
        this.catalogue = catalogue;
        this.vault = vault;
        this.orders = orders;
        this.operations = operations;
        this.endpointQuery = endpointQuery;
    }

    // ---- catalogue ----

    /** Chooses the host, once. */
    Primary place(Connection connection, String id) {
        Handle handle = Catalogue.within(connection);
        InstanceRow row = InstanceStore.lock(handle, id);
        String memberId = row.incumbent().orElse(id + "-m1");
        Optional<MemberRow> placed = member(handle, id, memberId);
        if (placed.isPresent()) {
            return new Primary(id, memberId, placed.get().hostId(), row.term());
        }
        String hostId =
                switch (Placement.choose(Room.onHosts(handle), Room.need(row))) {
                    case Placement.Choice.On(var host) -> host.value();
                    case Placement.Choice.Nowhere(var reason) ->
                            throw new IllegalStateException(reason);
                };
        MemberStore.add(handle, memberId, id, hostId);
        InstanceStore.appoint(handle, id, row.term(), memberId);
        return new Primary(id, memberId, hostId, row.term());
    }

    void makeSecrets(Connection connection, String id) {
        vault.makeFor(Catalogue.within(connection), id);
    }

    Primary primary(Connection connection, String id) {
        return Optional.ofNullable(placed(connection, id).primary())
                .orElseThrow(() -> new IllegalStateException(id + " was never placed on a host"));
    }

    Placed placed(Connection connection, String id) {
        Handle handle = Catalogue.within(connection);
        return new Placed(
                InstanceStore.find(handle, id).flatMap(row -> primaryOf(handle, row)).orElse(null));
    }

    private static Optional<Primary> primaryOf(Handle handle, InstanceRow row) {
        return row.incumbent()
                .flatMap(memberId -> member(handle, row.id(), memberId))
                .map(member -> new Primary(row.id(), member.id(), member.hostId(), row.term()));
    }

    private static Optional<MemberRow> member(Handle handle, String id, String memberId) {
        return MemberStore.of(handle, id).stream()
                .filter(member -> member.id().equals(memberId))
                .findFirst();
    }

    void move(Connection connection, String id, InstanceEvent event) {
        InstanceStore.move(Catalogue.within(connection), id, event);
    }

    void failed(Connection connection, String id, StepFailed failure) {
        InstanceStore.fail(
                Catalogue.within(connection), id, failure.step() + ": " + failure.getMessage());
    }

    void created(Connection connection, Primary primary, MemberUp up, EndpointPorts ports) {
        serves(connection, primary, up, Optional.of(ports), InstanceEvent.created);
    }

    void started(Connection connection, Primary primary, MemberUp up, EndpointPorts ports) {
        serves(connection, primary, up, Optional.of(ports), InstanceEvent.started);
    }

    void restarted(Connection connection, Primary primary, MemberUp up) {
        serves(connection, primary, up, Optional.empty(), InstanceEvent.started);
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
        ports.ifPresent(
                open ->
                        InstanceStore.endpoint(
                                handle,
                                id,
                                new InstanceRow.Endpoint(
                                        primary.hostId(),
                                        open.host(),
                                        open.readWrite(),
                                        open.readOnly(),
                                        open.pooled())));
        InstanceStore.move(handle, id, event);
        InstanceStore.observe(handle, id, Health.Healthy);
    }

    void forget(Connection connection, String id) {
        forget(Catalogue.within(connection), id);
    }

    void forget(String id) {
        catalogue.jdbi().useTransaction(handle -> forget(handle, id));
    }

    private void forget(Handle handle, String id) {
        vault.forget(handle, id);
        InstanceStore.remove(handle, id);
    }

    boolean takeLane(Connection connection, String operationId, String id) {
        return operations.takeLane(connection, operationId, InstanceDesk.lane(id));
    }

    void cancelOther(String id) {
        operations.holder(InstanceDesk.lane(id)).ifPresent(operations::cancel);
    }

    // ---- orders ----

    void claim(Attempt attempt, Primary primary) {
        String host = primary.hostId();
        orders.carryOut(attempt, host, primary.memberId(), new Order.ClaimLane());
    }

    MemberUp create(Attempt attempt, Primary primary) {
        InstanceRow row = row(primary.instanceId());
        Vault.Verifiers verifiers = vault.verifiers(row.id());
        Order order =
                new Order.CreateMember(
                        new MemberId(primary.memberId()),
                        new InstanceId(row.id()),
                        primary.term(),
                        row.postgresMajor(),
                        SizeSettings.of(row.size()),
                        row.owner(),
                        verifiers.owner(),
                        verifiers.pooler(),
                        row.database(),
                        certificate(row, primary));
        return orders.carryOut(
                attempt, primary.hostId(), primary.memberId(), order, MemberUp.class);
    }

    MemberUp start(Attempt attempt, Primary primary) {
        Order order =
                new Order.StartMember(
                        new MemberId(primary.memberId()), primary.term(), Optional.empty());
        return orders.carryOut(
                attempt, primary.hostId(), primary.memberId(), order, MemberUp.class);
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

    void destroy(Attempt attempt, Primary primary) {
        Order order = new Order.DestroyMember(new MemberId(primary.memberId()), primary.term());
        orders.carryOut(attempt, primary.hostId(), primary.memberId(), order);
    }

    EndpointUp openEndpoint(Attempt attempt, Primary primary, Address target) {
        InstanceRow row = row(primary.instanceId());
        Optional<EndpointPorts> known =
                row.endpoint()
                        .map(
                                open ->
                                        new EndpointPorts(
                                                open.host(),
                                                open.readWrite(),
                                                open.readOnly(),
                                                open.pooled()));
        Order order =
                new Order.OpenEndpoint(
                        new InstanceId(row.id()),
                        primary.term(),
                        target,
                        Vault.POOLER,
                        vault.poolerPassword(row.id()).reveal(),
                        certificate(row, primary),
                        known);
        return orders.carryOut(attempt, primary.hostId(), row.id(), order, EndpointUp.class);
    }

    void closeEndpoint(Attempt attempt, Primary primary) {
        String id = primary.instanceId();
        Order order = new Order.CloseEndpoint(new InstanceId(id), primary.term());
        orders.carryOut(attempt, primary.hostId(), id, order);
    }

    void query(String id) throws Exception {
        InstanceRow.Endpoint open = row(id).endpoint().orElseThrow();
        firstQuery(
                id,
                new EndpointPorts(open.host(), open.readWrite(), open.readOnly(), open.pooled()));
    }

    void firstQuery(String id, EndpointPorts ports) throws Exception {
        InstanceRow row = row(id);
        endpointQuery.ask(row, vault.ownerPassword(id), ports);
    }

    private InstanceRow row(String id) {
        return catalogue
                .jdbi()
                .withHandle(handle -> InstanceStore.find(handle, id))
                .orElseThrow(() -> new IllegalStateException("instance " + id + " is gone"));
    }

    private Certificate certificate(InstanceRow row, Primary primary) {
        String host =
                catalogue
                        .jdbi()
                        .withHandle(handle -> HostStore.find(handle, primary.hostId()))
                        .orElseThrow()
                        .agentHost();
        return vault.certificate(row, primary.memberId(), host);
    }
}
