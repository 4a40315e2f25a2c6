package dev.toygres.orchestrations.parameter;

import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.agentapi.MemberParameters;
import dev.toygres.agentapi.MemberParameters.Running;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.Configured;
import dev.toygres.agentapi.OrderResult.Tried;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.model.MemberId;
import dev.toygres.model.Refused;
import dev.toygres.model.ReplicaState;
import dev.toygres.model.parameter.MemberSettings;
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
import dev.toygres.store.ParameterStore.Agreed;
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
        return new Course(change.instanceId(), stops);
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

    /** What a server shows that has the member's new settings. */
    Tried tryOut(Attempt attempt, String changeId, Course course, Stop stop) {
        Topology topology = topology(changeId, stop);
        ParameterChangeRow change = account.find(changeId);
        return orders.carryOut(
                attempt,
                stop.hostId(),
                stop.memberId(),
                new Order.TrySettings(
                        new MemberId(stop.memberId()),
                        topology.instance().term(),
                        inTheEnd(change, topology, course, stop),
                        change.request().undrift()),
                Tried.class);
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
     * What the member had before this stop; without a restart where the stop needs none, whatever
     * else may wait for one. Nobody waits for a host that is away, least of all a failover: the
     * watch gives it what is agreed when it is back.
     */
    void restore(Attempt attempt, String changeId, Stop stop) {
        ParameterChangeRow change = account.find(changeId);
        Topology topology = topology(changeId, stop);
        try {
            Map<String, String> settings =
                    stop.phase() == 3
                            ? meanwhile(change, topology, stop)
                            : before(change, topology, stop);
            boolean restart = stop.action() == Action.Restart;
            configure(attempt, topology, stop, settings, restart, List.of());
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
        Agreed agreed = agreed(topology);
        return configure(
                attempt,
                topology,
                stop,
                Settings.of(topology.instance(), member, agreed),
                stop.action() == Action.Restart && !agreed.waits(),
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

    private Map<String, String> before(ParameterChangeRow change, Topology topology, Stop stop) {
        Agreed agreed = agreed(topology);
        return Settings.of(
                topology.instance(),
                member(topology, stop.memberId()),
                new Agreed(agreed.version(), change.before().orElseThrow(), agreed.running()));
    }

    private Agreed agreed(Topology topology) {
        return catalogue
                .jdbi()
                .withHandle(handle -> ParameterStore.agreed(handle, topology.instance().id()));
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
        return MemberSettings.suitingBoth(
                before(change, topology, stop), after(change, topology, stop));
    }

    /** What the member has when the change is over. */
    private Map<String, String> inTheEnd(
            ParameterChangeRow change, Topology topology, Course course, Stop stop) {
        return stop.primary() || course.restartsPrimary()
                ? after(change, topology, stop)
                : meanwhile(change, topology, stop);
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

    /**
     * A session that sees the new values, on every member that has them (R5.37): those that the
     * server of the trial showed, since Postgres shows some otherwise than they are set.
     */
    void verify(String changeId, Course course, Stop stop, Tried tried) {
        ParameterChangeRow change = account.find(changeId);
        Topology topology = topology(changeId, stop);
        MemberParameters running = agents.of(stop.hostId()).parameters(stop.memberId());
        Map<String, ParameterDefinition> definitions =
                Sources.byName(running.running().stream().map(Running::definition).toList());
        Set<String> changed =
                new TreeSet<>(
                        Planner.differing(
                                definitions,
                                before(change, topology, stop),
                                inTheEnd(change, topology, course, stop)));
        changed.addAll(change.request().undrift());
        running.running().stream()
                .filter(one -> changed.contains(one.definition().name()))
                .filter(one -> !(course.later() && one.pendingRestart()))
                .forEach(one -> requireInForce(stop.memberId(), one, tried));
    }

    private static void requireInForce(String member, Running one, Tried tried) {
        String name = one.definition().name();
        Optional<String> wanted = Optional.ofNullable(tried.values().get(name));
        if (one.pendingRestart() || !one.value().equals(wanted.or(one::value))) {
            throw new IllegalStateException(
                    "%s is %s on %s, not %s"
                            .formatted(
                                    name,
                                    one.value().orElse("unknown"),
                                    member,
                                    wanted.orElse("restarted for")));
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
