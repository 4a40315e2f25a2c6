package dev.toygres.orchestrations.parameter;

import dev.toygres.agentapi.HostStatus.State;
import dev.toygres.agentapi.MemberParameters;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.ReplicationMode;
import dev.toygres.model.Size;
import dev.toygres.model.parameter.ApplyMode;
import dev.toygres.model.parameter.Combinations;
import dev.toygres.model.parameter.MemberSettings;
import dev.toygres.model.parameter.ParameterDefinition;
import dev.toygres.model.parameter.ParameterPlan;
import dev.toygres.model.parameter.ParameterRequest;
import dev.toygres.model.parameter.ParameterSet;
import dev.toygres.model.parameter.Planner;
import dev.toygres.model.parameter.Profiles;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.orchestrations.host.Room;
import dev.toygres.store.HostStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.ParameterStore;
import dev.toygres.store.ParameterStore.Agreed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * A change worked out on what is so now: the desk shows it, the flow carries it out.
 *
 * @param request with its values in Postgres's own spelling
 */
record Draft(
        Topology topology,
        Map<String, ParameterDefinition> definitions,
        ParameterRequest request,
        Agreed before,
        ParameterSet after,
        ParameterPlan plan) {

    /** Of a restart, on an instance where nobody has seen one yet. */
    private static final long USUAL_RESTART_MS = 400;

    /**
     * @throws Refused with every fault at once
     */
    static Draft of(
            Handle handle,
            Topology topology,
            Observations seen,
            Sources sources,
            ParameterRequest wish,
            ApplyMode mode) {
        MemberRow primary = topology.placedPrimary();
        Optional<MemberParameters> running = sources.running(primary);
        Checked checked =
                Checked.of(
                        sources,
                        primary.hostId(),
                        topology.instance().postgresMajor(),
                        running,
                        wish);
        Agreed before = ParameterStore.agreed(handle, topology.instance().id());
        ParameterRequest request = checked.request();
        var draft =
                new Draft(
                        topology,
                        checked.definitions(),
                        request,
                        before,
                        request.applyTo(
                                before.set(), request.size().orElse(topology.instance().size())),
                        new ParameterPlan(List.of(), List.of(), List.of(), 0));
        return draft.planned(handle, seen, running, mode, checked.faults());
    }

    private Draft planned(
            Handle handle,
            Observations seen,
            Optional<MemberParameters> running,
            ApplyMode mode,
            List<FieldFault> known) {
        List<MemberRow> members = orderable(seen);
        Fit fit = new Fit(definitions);
        members.forEach(
                one ->
                        fit.on(
                                facts(handle, one),
                                Settings.of(topology.instance(), one, before),
                                after(one)));
        Set<String> warnings = fit.warnings();
        List<FieldFault> faults = new ArrayList<>(known);
        faults.addAll(fit.faults());
        awayReplicas(seen, warnings).ifPresent(faults::add);
        running.ifPresent(now -> drifted(now, warnings));
        replaced(warnings);
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
        ParameterPlan plan =
                Planner.plan(
                        definitions,
                        members.stream().map(one -> planned(one, running)).toList(),
                        mode,
                        expectedRestart(handle),
                        List.copyOf(warnings),
                        request.undrift());
        return new Draft(topology, definitions, request, before, after, plan.explained(reasons()));
    }

    /** Of what follows from the profile; what somebody sets has his own. */
    private Map<String, String> reasons() {
        Size size = Settings.size(topology.instance(), topology.placedPrimary(), request.size());
        Map<String, String> reasons =
                new TreeMap<>(
                        after.profile()
                                .map(choice -> Profiles.reasons(choice, size))
                                .orElse(Map.of()));
        reasons.keySet().removeAll(after.values().keySet());
        return reasons;
    }

    private Planner.Member planned(MemberRow member, Optional<MemberParameters> ofPrimary) {
        boolean primary = isPrimary(member);
        return new Planner.Member(
                member.id(),
                primary,
                Settings.of(topology.instance(), member, before),
                after(member),
                primary ? ofPrimary.map(Draft::waiting).orElse(Map.of()) : Map.of());
    }

    /** What is in force of what waits for a restart. */
    private static Map<String, String> waiting(MemberParameters running) {
        return MemberParameters.values(
                running.running().stream().filter(MemberParameters.Running::pendingRestart));
    }

    private Map<String, String> after(MemberRow member) {
        return Settings.of(topology.instance(), member, after, request.size());
    }

    private boolean isPrimary(MemberRow member) {
        return member.id().equals(topology.placedPrimary().id());
    }

    /** The canary first: asynchronous before one that gates commits. */
    private List<MemberRow> orderable(Observations seen) {
        MemberRow primary = topology.placedPrimary();
        return Stream.concat(
                        Stream.of(primary),
                        topology.readyReplicas().stream()
                                .filter(one -> isUp(seen, one))
                                .sorted(
                                        Comparator.comparing(
                                                        (MemberRow one) ->
                                                                one.mode() == ReplicationMode.Sync)
                                                .thenComparing(MemberRow::id)))
                .toList();
    }

    private static boolean isUp(Observations seen, MemberRow member) {
        return seen.of(member)
                .filter(one -> one.desired().equals("Running"))
                .filter(one -> one.state() == State.Running || one.state() == State.Starting)
                .isPresent();
    }

    private Optional<FieldFault> awayReplicas(Observations seen, Set<String> warnings) {
        List<String> away =
                topology.replicas().stream()
                        .filter(one -> one.stage() == MemberRow.Stage.Ready && !isUp(seen, one))
                        .map(MemberRow::id)
                        .toList();
        if (away.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> raised =
                MemberSettings.HOT_STANDBY.stream().filter(this::isRaised).findFirst();
        if (raised.isEmpty()) {
            warnings.add(away + " does not run and will have the new values when it does");
        }
        return raised.map(
                name ->
                        new FieldFault(
                                "parameters." + name,
                                "cannot be raised while %s does not run: a standby with less of it"
                                                .formatted(away)
                                        + " than its primary stops; bring it back, or remove it"));
    }

    private boolean isRaised(String name) {
        MemberRow primary = topology.placedPrimary();
        return MemberSettings.hotStandby(after(primary), name)
                > MemberSettings.hotStandby(
                        Settings.of(topology.instance(), primary, before), name);
    }

    private Combinations.Member facts(Handle handle, MemberRow member) {
        long machine =
                HostStore.find(handle, member.hostId())
                        .flatMap(Room::status)
                        .map(status -> status.memoryBytes() / 1024 / 1024)
                        .orElse(0L);
        return new Combinations.Member(
                member.id(),
                Settings.size(topology.instance(), member, request.size()).memoryMegabytes(),
                machine,
                topology.replicas().size(),
                topology.replicas().stream().anyMatch(one -> one.mode() == ReplicationMode.Sync));
    }

    private void drifted(MemberParameters now, Set<String> warnings) {
        now.drift().stream()
                .filter(one -> !request.undrift().contains(one.name()))
                .forEach(
                        one ->
                                warnings.add(
                                        "%s was set to '%s' by ALTER SYSTEM, and that wins: adopt or revert it"
                                                .formatted(one.name(), one.value())));
    }

    /** A profile starts over for what it has formulas for; nobody should lose a value unawares. */
    private void replaced(Set<String> warnings) {
        if (request.profile().isEmpty()) {
            return;
        }
        new TreeMap<>(before.set().values())
                .forEach(
                        (name, value) -> {
                            if (!after.values().containsKey(name)
                                    && !request.values().containsKey(name)) {
                                warnings.add(
                                        "%s=%s was set by hand; the profile replaces it, unless it is given beside the profile"
                                                .formatted(name, value));
                            }
                        });
    }

    private long expectedRestart(Handle handle) {
        return ParameterStore.lastInterruption(handle, topology.instance().id())
                .orElse(USUAL_RESTART_MS);
    }
}
