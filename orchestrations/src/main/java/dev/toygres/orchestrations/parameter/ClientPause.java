package dev.toygres.orchestrations.parameter;

import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.Drained;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.model.InstanceEvent;
import dev.toygres.model.InstanceState;
import dev.toygres.model.MemberId;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.instance.Endpoints;
import dev.toygres.orchestrations.instance.Upstreams;
import dev.toygres.orchestrations.parameter.Course.Stop;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jdbi.v3.core.Handle;

/** The clients of a primary that restarts: held, and let through again. */
public final class ClientPause {
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final Catalogue catalogue;
    private final Orders orders;
    private final Endpoints endpoints;
    private final InstantSource clock;

    public ClientPause(
            Catalogue catalogue, Orders orders, Endpoints endpoints, InstantSource clock) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.endpoints = endpoints;
        this.clock = clock;
    }

    /** A moment, as a step's result. */
    record Moment(Instant at) {}

    void checkpoint(Attempt attempt, String instanceId, Stop stop) {
        orders.carryOut(
                attempt,
                stop.hostId(),
                stop.memberId(),
                new Order.Checkpoint(
                        new MemberId(stop.memberId()), topology(instanceId).instance().term()));
    }

    void restarting(Connection connection, String instanceId) {
        InstanceStore.move(
                Catalogue.within(connection), instanceId, InstanceEvent.restartRequested);
    }

    Moment hold(Attempt attempt, String instanceId) {
        Moment before = new Moment(clock.instant());
        InstanceRow row = topology(instanceId).instance();
        endpoints.hold(attempt, row, row.term(), DRAIN);
        return before;
    }

    void drain(Attempt attempt, String instanceId, Stop stop) {
        orders.carryOut(
                attempt,
                stop.hostId(),
                stop.memberId(),
                new Order.DrainMember(
                        new MemberId(stop.memberId()),
                        topology(instanceId).instance().term(),
                        DRAIN),
                Drained.class);
    }

    Moment open(Attempt attempt, String instanceId) {
        Topology topology = topology(instanceId);
        InstanceRow row = topology.instance();
        endpoints.open(
                attempt,
                row,
                topology.placedPrimary().hostId(),
                row.term(),
                Upstreams.address(topology.placedPrimary()),
                topology.replicas().stream()
                        .filter(one -> row.readers().contains(one.id()))
                        .map(Upstreams::address)
                        .toList());
        return new Moment(clock.instant());
    }

    /** Somebody may have asked for its deletion meanwhile: that stays so. */
    void running(Connection connection, String instanceId) {
        Handle handle = Catalogue.within(connection);
        if (InstanceStore.lock(handle, instanceId).state() == InstanceState.Restarting) {
            InstanceStore.move(handle, instanceId, InstanceEvent.started);
        }
    }

    void runningAgain(String instanceId) {
        catalogue.jdbi().useTransaction(handle -> running(handle.getConnection(), instanceId));
    }

    private Topology topology(String instanceId) {
        return catalogue
                .jdbi()
                .withHandle(handle -> Topology.find(handle, instanceId))
                .orElseThrow(() -> new PermanentFailure("the instance is gone"));
    }
}
