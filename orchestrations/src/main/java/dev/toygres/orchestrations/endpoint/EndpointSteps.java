package dev.toygres.orchestrations.endpoint;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.OrderResult.EndpointUp;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.model.Alert;
import dev.toygres.model.AlertKind;
import dev.toygres.model.AlertSeverity;
import dev.toygres.model.Placement.Choice;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.alert.Alarms;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.orchestrations.instance.Endpoints;
import dev.toygres.orchestrations.instance.Upstreams;
import dev.toygres.orchestrations.leftover.Leftover;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HealthStore;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.LeftoverRow;
import dev.toygres.store.LeftoverStore;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What it takes to serve the addresses of an instance elsewhere. */
public final class EndpointSteps {
    private final Catalogue catalogue;
    private final Agents agents;
    private final Endpoints endpoints;
    private final Observations seen;

    public EndpointSteps(
            Catalogue catalogue, Agents agents, Endpoints endpoints, Observations seen) {
        this.catalogue = catalogue;
        this.agents = agents;
        this.endpoints = endpoints;
        this.seen = seen;
    }

    void look(String instanceId) {
        seen.refresh(agents, List.of(served(topology(instanceId)).hostId()));
    }

    /** Their own host if it is back. */
    Move choose(Connection connection, String instanceId) {
        Move elsewhere = elsewhere(connection, instanceId);
        return seen.reached(elsewhere.from()) ? elsewhere.home() : requireSomebody(elsewhere);
    }

    private static Move requireSomebody(Move move) {
        if (move.to().isEmpty()) {
            throw new PermanentFailure(move.words());
        }
        return move;
    }

    Move elsewhere(Connection connection, String instanceId) {
        Handle handle = Catalogue.within(connection);
        Topology topology = topology(handle, instanceId);
        InstanceRow.Endpoint open = served(topology);
        long term = topology.instance().term();
        return switch (EndpointHosts.elsewhere(handle, topology, open)) {
            case Choice.On(var host) ->
                    new Move(instanceId, term, open.hostId(), Optional.of(host.value()), "");
            case Choice.Nowhere(var why) ->
                    new Move(instanceId, term, open.hostId(), Optional.empty(), why);
        };
    }

    /** The ports of a host that lives are never let go of, and waiting for them is in vain. */
    void requireNotServedAtHome(Move move) {
        if (seen.endpoint(move.from(), move.instanceId()).filter(one -> one.up()).isPresent()) {
            throw new PermanentFailure(
                    "host %s is back and serves the addresses of %s"
                            .formatted(move.from(), move.instanceId()));
        }
    }

    void requireBack(Move home) {
        if (!seen.reached(home.from())) {
            throw new PermanentFailure("host " + home.from() + " does not answer");
        }
    }

    /** As they led before. */
    EndpointUp open(Attempt attempt, Move move) {
        if (move.isElsewhere()) {
            requireNotServedAtHome(move);
        }
        Address target = Upstreams.address(topology(move.instanceId()).placedPrimary());
        return open(attempt, move, target, readers(move.instanceId()));
    }

    List<Address> readers(String instanceId) {
        Topology topology = topology(instanceId);
        return topology.replicas().stream()
                .filter(one -> topology.instance().readers().contains(one.id()))
                .map(Upstreams::address)
                .toList();
    }

    EndpointUp open(Attempt attempt, Move move, Address target, List<Address> readers) {
        return endpoints.openAt(
                attempt,
                topology(move.instanceId()).instance(),
                move.target(),
                move.term(),
                target,
                readers);
    }

    /** Answers false when they are not that host's any more. */
    boolean moved(Connection connection, String operationId, Move move) {
        Handle handle = Catalogue.within(connection);
        if (!InstanceStore.moveEndpoint(handle, move.instanceId(), move.from(), move.target())) {
            return false;
        }
        String words =
                "Host %s does not answer; the addresses of %s are served by %s now."
                        .formatted(move.from(), move.instanceId(), move.target());
        LeftoverStore.add(
                handle,
                move.from(),
                LeftoverRow.Kind.Endpoint,
                move.instanceId(),
                move.instanceId(),
                move.term(),
                words);
        tell(handle, operationId, move, words);
        return true;
    }

    private static void tell(Handle handle, String operationId, Move move, String words) {
        Alarms.tell(
                handle,
                Alert.ofInstance(
                                AlertSeverity.Warning,
                                AlertKind.EndpointMoved,
                                move.instanceId(),
                                words)
                        .part(operationId)
                        .with("operationId", operationId)
                        .with("from", move.from())
                        .with("to", move.target()));
        HealthStore.audit(
                handle,
                move.instanceId(),
                "move-endpoint",
                "Moved",
                words,
                Optional.of(operationId));
    }

    /** Closed once its host is back, before it may serve them again. */
    Leftover former(Move move) {
        return Leftover.endpoint(move.from(), move.instanceId(), move.term());
    }

    private static InstanceRow.Endpoint served(Topology topology) {
        return topology.instance()
                .endpoint()
                .orElseThrow(
                        () -> new PermanentFailure(topology.instance().id() + " has no addresses"));
    }

    private Topology topology(String instanceId) {
        return catalogue.jdbi().withHandle(handle -> topology(handle, instanceId));
    }

    private static Topology topology(Handle handle, String instanceId) {
        return Topology.find(handle, instanceId)
                .orElseThrow(() -> new PermanentFailure("instance " + instanceId + " is gone"));
    }
}
