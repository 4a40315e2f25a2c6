package dev.toygres.orchestrations.parameter;

import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.agentapi.MemberParameters;
import dev.toygres.agentapi.MemberParameters.Running;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.Configured;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.model.MemberId;
import dev.toygres.model.Refused;
import dev.toygres.model.ReplicaState;
import dev.toygres.model.parameter.ApplyMode;
import dev.toygres.model.parameter.ParameterDefinition;
import dev.toygres.model.parameter.ParameterPlan;
import dev.toygres.model.parameter.ParameterPlan.Action;
import dev.toygres.model.parameter.Planner;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.orchestrations.parameter.Course.Stop;
import dev.toygres.store.Catalogue;
import dev.toygres.store.MemberRow;
import dev.toygres.store.ParameterChangeRow;
import dev.toygres.store.ParameterStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a change of parameters does to the members. */
public final class ParameterSteps {
    private static final Logger LOG = LoggerFactory.getLogger(ParameterSteps.class);

    private final Catalogue catalogue;
    private final Orders orders;
    private final Agents agents;
    private final ChangeAccount account;
    private final Observations seen;

    public ParameterSteps(
            Catalogue catalogue,
            Orders orders,
            Agents agents,
            ChangeAccount account,
            Observations seen) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.agents = agents;
        this.account = account;
        this.seen = seen;
    }

    // ---- before anything is touched ----

    /**
     * Works the change out on what is so now.
     *
     * @throws PermanentFailure when it does not fit any more
     */
    Course prepare(String changeId) {
        try {
            return course(account.find(changeId));
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
        return topology.members().map(MemberRow::hostId).toList();
    }

    private static Stop stop(Topology topology, ParameterPlan.Step step) {
        MemberRow member = member(topology, step.memberId());
        return new Stop(member.id(), member.hostId(), step.primary(), step.phase(), step.action());
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
                        after(account.find(changeId), topology, stop)));
    }

    // ---- members ----

    /** The new settings; of a replica before the primary has them: what suits both. */
    Configured configure(Attempt attempt, String changeId, Stop stop, boolean restart) {
        ParameterChangeRow change = account.find(changeId);
        Topology topology = topology(changeId, stop);
        Map<String, String> settings =
                stop.phase() == 1
                        ? meanwhile(change, topology, stop)
                        : after(change, topology, stop);
        return configure(attempt, topology, stop, settings, restart, change.request().undrift());
    }

    /**
     * What the member had before this stop. Nobody waits for a host that is away, least of all a
     * failover: the watch gives it what is agreed when it is back.
     */
    void restore(Attempt attempt, String changeId, Stop stop) {
        ParameterChangeRow change = account.find(changeId);
        Topology topology = topology(changeId, stop);
        try {
            Map<String, String> settings =
                    stop.phase() == 3
                            ? meanwhile(change, topology, stop)
                            : before(change, topology, stop);
            configure(attempt, topology, stop, settings, true, List.of());
        } catch (AgentUnreachable away) {
            LOG.warn("{} keeps its settings for now: {}", stop.memberId(), away.getMessage());
        }
    }

    // ---- members that were away ----

    /** As they are now; the watch may have seen what is over. */
    Course stale(String instanceId) {
        Topology topology = topology(instanceId);
        seen.refresh(agents, hosts(topology));
        return catalogue
                .jdbi()
                .withHandle(
                        handle ->
                                new Course(
                                        instanceId,
                                        false,
                                        Stale.of(handle, topology, seen).stream()
                                                .map(one -> giving(topology, one))
                                                .toList()));
    }

    private static Stop giving(Topology topology, MemberRow member) {
        boolean primary = member.id().equals(topology.placedPrimary().id());
        return new Stop(
                member.id(), member.hostId(), primary, 1, primary ? Action.Reload : Action.Restart);
    }

    /** What is agreed; what waits for a restart that somebody asks for goes on waiting. */
    Configured give(Attempt attempt, String instanceId, Stop stop) {
        Topology topology = topology(instanceId);
        MemberRow member = member(topology, stop.memberId());
        boolean waits =
                catalogue.jdbi().withHandle(handle -> ParameterStore.isPending(handle, instanceId));
        return configure(
                attempt,
                topology,
                stop,
                catalogue
                        .jdbi()
                        .withHandle(handle -> Settings.of(handle, topology.instance(), member)),
                stop.action() == Action.Restart && !waits,
                List.of());
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
                change.after().orElseThrow(),
                change.request().size());
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

    // ---- afterwards ----

    /** A session that sees the new values, on every member that has them (R5.37). */
    void verify(String changeId, Stop stop, boolean later) {
        ParameterChangeRow change = account.find(changeId);
        Topology topology = topology(changeId, stop);
        MemberParameters running = agents.of(stop.hostId()).parameters(stop.memberId());
        Map<String, ParameterDefinition> definitions =
                Sources.byName(running.running().stream().map(Running::definition).toList());
        Map<String, String> wanted = after(change, topology, stop);
        Set<String> changed =
                new TreeSet<>(
                        Planner.differing(definitions, before(change, topology, stop), wanted));
        changed.addAll(change.request().undrift());
        for (String name : changed) {
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

    private Topology topology(String changeId, Stop stop) {
        Topology topology = topology(account.find(changeId).instanceId());
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
        return topology.members()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new PermanentFailure("there is no member " + id + " any more"));
    }
}
