package dev.toygres.orchestrations.parameter;

import dev.toygres.agentapi.AgentUnreachable;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clients of a primary that restarts: held, and let through again. */
public final class ClientPause {
    private static final Logger LOG = LoggerFactory.getLogger(ClientPause.class);
    private static final Duration DRAIN = Duration.ofSeconds(10);

    /** Attempts within which an agent that starts again is back: some seconds. */
    private static final int STARTING_AGAIN = 6;

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

    /**
     * Nobody waits for a host that is away, least of all a failover: the watch sees to addresses
     * that nobody serves, or that are held when it is back.
     */
    Moment reopen(Attempt attempt, String instanceId) {
        try {
            return open(attempt, instanceId);
        } catch (AgentUnreachable away) {
            if (attempt.number() < STARTING_AGAIN) {
                throw away;
            }
            LOG.warn("the endpoint of {} is opened later: {}", instanceId, away.getMessage());
            return new Moment(clock.instant());
        }
    }

    private Moment open(Attempt attempt, String instanceId) {
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
