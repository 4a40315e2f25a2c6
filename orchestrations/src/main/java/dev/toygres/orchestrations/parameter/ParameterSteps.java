package dev.toygres.orchestrations.parameter;

import dev.toygres.agentapi.MemberParameters;
import dev.toygres.agentapi.MemberParameters.Running;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.Configured;
import dev.toygres.agentapi.OrderResult.Drained;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.Operations;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.durable.StepFailed;
import dev.toygres.model.InstanceEvent;
import dev.toygres.model.InstanceState;
import dev.toygres.model.MemberId;
import dev.toygres.model.Refused;
import dev.toygres.model.ReplicaState;
import dev.toygres.model.parameter.ApplyMode;
import dev.toygres.model.parameter.ChangeState;
import dev.toygres.model.parameter.ParameterDefinition;
import dev.toygres.model.parameter.ParameterPlan;
import dev.toygres.model.parameter.Planner;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.orchestrations.instance.Endpoints;
import dev.toygres.orchestrations.instance.Upstreams;
import dev.toygres.orchestrations.parameter.Course.Stop;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.ParameterChangeRow;
import dev.toygres.store.ParameterStore;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** What a change of parameters does in its steps. */
public final class ParameterSteps {
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final Catalogue catalogue;
    private final Orders orders;
    private final Agents agents;
    private final Operations operations;
    private final Endpoints endpoints;
    private final Observations seen;
    private final InstantSource clock;

    public ParameterSteps(
            Catalogue catalogue,
            Orders orders,
            Agents agents,
            Operations operations,
            Endpoints endpoints,
            Observations seen,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.agents = agents;
        this.operations = operations;
        this.endpoints = endpoints;
        this.seen = seen;
        this.clock = clock;
    }

    /** A moment, as a step's result. */
    record Moment(Instant at) {}

    // ---- the lane, for one that waited for its time ----

    /** The instance as it is when the time has come. */
    enum Turn {
        Ours,
        Busy,
        NotRunning,
        Gone
    }

    Turn takeTurn(Connection connection, String operationId, String instanceId) {
        Handle handle = Catalogue.within(connection);
        if (ParameterStore.find(handle, operationId).isEmpty()) {
            return Turn.Gone;
        }
        InstanceState state = InstanceStore.lock(handle, instanceId).state();
        if (state == InstanceState.Deleting) {
            return Turn.Gone;
        }
        if (state == InstanceState.Stopped || state == InstanceState.Failed) {
            return Turn.NotRunning;
        }
        return state == InstanceState.Running
                        && operations.takeLane(connection, operationId, Lanes.of(instanceId))
                ? Turn.Ours
                : Turn.Busy;
    }

    // ---- before anything is touched ----

    /**
     * Works the change out on what is so now.
     *
     * @throws PermanentFailure when it does not fit any more
     */
    Course prepare(String changeId) {
        ParameterChangeRow change =
                catalogue
                        .jdbi()
                        .withHandle(handle -> ParameterStore.find(handle, changeId))
                        .orElseThrow(() -> new PermanentFailure("the instance is gone"));
        try {
            return course(change);
        } catch (Refused refused) {
            throw new PermanentFailure(String.valueOf(refused.getMessage()));
        }
    }

    private Course course(ParameterChangeRow change) {
        Topology topology = topology(change.instanceId());
        seen.refresh(agents, hosts(topology));
        Draft draft =
                catalogue
                        .jdbi()
                        .withHandle(
                                handle ->
                                        Draft.of(
                                                handle,
                                                topology,
                                                seen,
                                                new Sources(agents),
                                                change.request(),
                                                change.mode()));
        List<Stop> stops = draft.plan().steps().stream().map(step -> stop(topology, step)).toList();
        return new Course(change.instanceId(), change.mode() == ApplyMode.OnNextRestart, stops);
    }

    private static List<String> hosts(Topology topology) {
        return Stream.concat(topology.primary().stream(), topology.replicas().stream())
                .map(MemberRow::hostId)
                .toList();
    }

    private static Stop stop(Topology topology, ParameterPlan.Step step) {
        MemberRow member = member(topology, step.memberId());
        return new Stop(member.id(), member.hostId(), step.primary(), step.phase(), step.action());
    }

    void begin(Connection connection, String changeId) {
        Handle handle = Catalogue.within(connection);
        ParameterChangeRow change = ParameterStore.find(handle, changeId).orElseThrow();
        InstanceRow row = InstanceStore.lock(handle, change.instanceId());
        var before = ParameterStore.agreed(handle, row.id()).set();
        ParameterStore.begin(
                handle, changeId, before, change.request().applyTo(before, row.size()));
    }

    void claim(Attempt attempt, Stop stop) {
        orders.claim(attempt, stop.hostId(), stop.memberId());
    }

    void tryOut(Attempt attempt, String changeId, Stop stop) {
        Topology topology = topology(changeId, stop);
        orders.carryOut(
                attempt,
                stop.hostId(),
                stop.memberId(),
                new Order.TrySettings(
                        new MemberId(stop.memberId()),
                        topology.instance().term(),
                        after(change(changeId), topology, stop)));
    }

    // ---- members ----

    /** The new settings; of a replica before the primary has them: what suits both. */
    Configured configure(Attempt attempt, String changeId, Stop stop, boolean restart) {
        ParameterChangeRow change = change(changeId);
        Topology topology = topology(changeId, stop);
        Map<String, String> settings =
                stop.phase() == 1
                        ? meanwhile(change, topology, stop)
                        : after(change, topology, stop);
        return configure(attempt, topology, stop, settings, restart, change.request().undrift());
    }

    /** What the member had before this stop. */
    void restore(Attempt attempt, String changeId, Stop stop) {
        ParameterChangeRow change = change(changeId);
        Topology topology = topology(changeId, stop);
        Map<String, String> settings =
                stop.phase() == 3
                        ? meanwhile(change, topology, stop)
                        : before(change, topology, stop);
        configure(attempt, topology, stop, settings, true, List.of());
    }

    private Configured configure(
            Attempt attempt,
            Topology topology,
            Stop stop,
            Map<String, String> settings,
            boolean restart,
            List<String> undrift) {
        return orders.carryOut(
                attempt,
                stop.hostId(),
                stop.memberId(),
                new Order.ConfigureMember(
                        new MemberId(stop.memberId()),
                        topology.instance().term(),
                        settings,
                        restart,
                        undrift),
                Configured.class);
    }

    private static Map<String, String> before(
            ParameterChangeRow change, Topology topology, Stop stop) {
        return Settings.of(
                topology.instance(),
                member(topology, stop.memberId()),
                change.before().orElseThrow());
    }

    private static Map<String, String> after(
            ParameterChangeRow change, Topology topology, Stop stop) {
        return Settings.of(
                topology.instance(),
                member(topology, stop.memberId()),
                change.after().orElseThrow());
    }

    private Map<String, String> meanwhile(ParameterChangeRow change, Topology topology, Stop stop) {
        return Planner.meanwhile(
                definitions(topology),
                before(change, topology, stop),
                after(change, topology, stop));
    }

    private Map<String, ParameterDefinition> definitions(Topology topology) {
        MemberRow primary = topology.placedPrimary();
        return new Sources(agents).of(primary.hostId(), topology.instance().postgresMajor(), "");
    }

    /** Asked again until it is. */
    void seeStreaming(Stop stop, String instanceId) {
        Topology topology = topology(instanceId);
        seen.refresh(agents, hosts(topology));
        ReplicaState state =
                seen.verdict(topology.placedPrimary(), member(topology, stop.memberId())).state();
        if (state != ReplicaState.Streaming && state != ReplicaState.Lagging) {
            throw new IllegalStateException(stop.memberId() + " does not stream yet: " + state);
        }
    }

    // ---- the primary's restart ----

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

    // ---- afterwards ----

    /** A session that sees the new values, on every member that has them (R5.37). */
    void verify(String changeId, Stop stop, boolean later) {
        ParameterChangeRow change = change(changeId);
        Topology topology = topology(changeId, stop);
        MemberParameters running = agents.of(stop.hostId()).parameters(stop.memberId());
        Map<String, ParameterDefinition> definitions =
                Sources.byName(running.running().stream().map(Running::definition).toList());
        Map<String, String> wanted = after(change, topology, stop);
        for (String name : Planner.differing(definitions, before(change, topology, stop), wanted)) {
            running.running().stream()
                    .filter(one -> one.definition().name().equals(name))
                    .filter(one -> !(later && one.pendingRestart()))
                    .forEach(
                            one ->
                                    requireInForce(
                                            stop.memberId(),
                                            one,
                                            Planner.effective(definitions, wanted, name)));
        }
    }

    private static void requireInForce(String member, Running one, Optional<String> wanted) {
        boolean comparable =
                switch (one.definition().type()) {
                    case Boolean, Integer, Real, Enum -> one.value().isPresent();
                    case String -> false;
                };
        if (one.pendingRestart() || (comparable && !one.value().equals(wanted))) {
            throw new IllegalStateException(
                    "%s is %s on %s, not %s"
                            .formatted(
                                    one.definition().name(),
                                    one.value().orElse("unknown"),
                                    member,
                                    wanted.orElse("unset")));
        }
    }

    void agree(Connection connection, String changeId, boolean later, long interruptionMs) {
        Handle handle = Catalogue.within(connection);
        ParameterChangeRow change = ParameterStore.find(handle, changeId).orElseThrow();
        ParameterStore.agree(
                handle, change.instanceId(), change.after().orElseThrow(), clock.instant());
        ParameterStore.end(
                handle,
                changeId,
                later ? ChangeState.Pending : ChangeState.Applied,
                Optional.empty(),
                Optional.of(interruptionMs).filter(ms -> ms > 0),
                clock.instant());
    }

    void noteFailure(Connection connection, String changeId, ChangeState state, String words) {
        ParameterStore.end(
                Catalogue.within(connection),
                changeId,
                state,
                Optional.of(words),
                Optional.empty(),
                clock.instant());
    }

    void noteFailure(Connection connection, String changeId, StepFailed failure) {
        noteFailure(
                connection,
                changeId,
                ChangeState.Failed,
                failure.step() + ": " + failure.getMessage());
    }

    void cancelled(String changeId) {
        catalogue
                .jdbi()
                .useHandle(
                        handle ->
                                ParameterStore.end(
                                        handle,
                                        changeId,
                                        ChangeState.Cancelled,
                                        Optional.of("cancelled"),
                                        Optional.empty(),
                                        clock.instant()));
    }

    private ParameterChangeRow change(String id) {
        return catalogue
                .jdbi()
                .withHandle(handle -> ParameterStore.find(handle, id))
                .orElseThrow(() -> new PermanentFailure("the instance is gone"));
    }

    private Topology topology(String changeId, Stop stop) {
        Topology topology = topology(change(changeId).instanceId());
        member(topology, stop.memberId());
        return topology;
    }

    private Topology topology(String instanceId) {
        return catalogue
                .jdbi()
                .withHandle(handle -> Topology.find(handle, instanceId))
                .orElseThrow(() -> new PermanentFailure("the instance is gone"));
    }

    private static MemberRow member(Topology topology, String id) {
        return Stream.concat(topology.primary().stream(), topology.replicas().stream())
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new PermanentFailure("there is no member " + id + " any more"));
    }
}
