package dev.toygres.orchestrations.parameter;

import dev.toygres.agentapi.MemberParameters;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.ReplicationMode;
import dev.toygres.model.parameter.ApplyMode;
import dev.toygres.model.parameter.Combinations;
import dev.toygres.model.parameter.Combinations.Finding;
import dev.toygres.model.parameter.MemberSettings;
import dev.toygres.model.parameter.ParameterCheck;
import dev.toygres.model.parameter.ParameterDefinition;
import dev.toygres.model.parameter.ParameterPlan;
import dev.toygres.model.parameter.ParameterRequest;
import dev.toygres.model.parameter.ParameterSet;
import dev.toygres.model.parameter.Planner;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.orchestrations.host.Room;
import dev.toygres.store.HostStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.ParameterStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
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
        ParameterSet before,
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
        Map<String, ParameterDefinition> definitions =
                definitions(topology, sources, running, wish);
        ParameterSet before = ParameterStore.agreed(handle, topology.instance().id()).set();
        ParameterCheck.Result checked = ParameterCheck.of(all(wish), definitions);
        ParameterRequest request = canonical(wish, checked);
        ParameterSet after = request.applyTo(before, topology.instance().size());
        var draft =
                new Draft(
                        topology,
                        definitions,
                        request,
                        before,
                        after,
                        new ParameterPlan(List.of(), List.of(), List.of(), 0));
        return draft.planned(handle, seen, running, mode, checked.faults());
    }

    private static Map<String, Optional<String>> all(ParameterRequest wish) {
        Map<String, Optional<String>> all = new TreeMap<>();
        wish.whole()
                .ifPresent(
                        set ->
                                set.values()
                                        .forEach(
                                                (name, value) ->
                                                        all.put(name, Optional.of(value))));
        all.putAll(wish.values());
        return all;
    }

    private static ParameterRequest canonical(
            ParameterRequest wish, ParameterCheck.Result checked) {
        Map<String, Optional<String>> values = new HashMap<>();
        wish.values().keySet().stream()
                .filter(checked.values()::containsKey)
                .forEach(
                        name ->
                                values.put(
                                        name,
                                        checked.values().getOrDefault(name, Optional.empty())));
        return new ParameterRequest(values, wish.profile(), wish.whole(), wish.undrift());
    }

    /** With the libraries that there will be. */
    private static Map<String, ParameterDefinition> definitions(
            Topology topology,
            Sources sources,
            Optional<MemberParameters> running,
            ParameterRequest wish) {
        MemberRow primary = topology.placedPrimary();
        int major = topology.instance().postgresMajor();
        Optional<String> libraries =
                Optional.ofNullable(all(wish).get(Sources.LIBRARIES)).flatMap(value -> value);
        Map<String, ParameterDefinition> definitions = new HashMap<>();
        if (libraries.isPresent() || running.isEmpty()) {
            definitions.putAll(sources.of(primary.hostId(), major, libraries.orElse("")));
        }
        running.ifPresent(
                member ->
                        definitions.putAll(
                                Sources.byName(
                                        member.running().stream()
                                                .map(MemberParameters.Running::definition)
                                                .toList())));
        return definitions;
    }

    private Draft planned(
            Handle handle,
            Observations seen,
            Optional<MemberParameters> running,
            ApplyMode mode,
            List<FieldFault> known) {
        List<MemberRow> members = orderable(seen);
        Set<String> warnings = new LinkedHashSet<>();
        List<FieldFault> faults = new ArrayList<>(known);
        faults.addAll(combinations(handle, members, warnings));
        awayReplicas(seen, warnings).ifPresent(faults::add);
        running.ifPresent(now -> drifted(now, warnings));
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
        ParameterPlan plan =
                Planner.plan(
                        definitions,
                        members.stream().map(this::planned).toList(),
                        mode,
                        expectedRestart(handle),
                        List.copyOf(warnings));
        return new Draft(topology, definitions, request, before, after, plan);
    }

    private Planner.Member planned(MemberRow member) {
        return new Planner.Member(
                member.id(),
                isPrimary(member),
                Settings.of(topology.instance(), member, before),
                Settings.of(topology.instance(), member, after));
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
        return seen.of(member).filter(one -> one.desired().equals("Running")).isPresent();
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
            warnings.add(away + " cannot be reached and will have the new values when it is back");
        }
        return raised.map(
                name ->
                        new FieldFault(
                                "parameters." + name,
                                "cannot be raised while %s cannot be reached: a standby with less of it"
                                                .formatted(away)
                                        + " than its primary stops; bring it back, or remove it"));
    }

    private boolean isRaised(String name) {
        MemberRow primary = topology.placedPrimary();
        return number(Settings.of(topology.instance(), primary, after), name)
                > number(Settings.of(topology.instance(), primary, before), name);
    }

    private double number(Map<String, String> values, String name) {
        return Planner.effective(definitions, values, name).map(Double::parseDouble).orElse(0.0);
    }

    /** Only what this change has to do with. */
    private List<FieldFault> combinations(
            Handle handle, List<MemberRow> members, Set<String> warnings) {
        Map<String, FieldFault> faults = new TreeMap<>();
        for (MemberRow member : members) {
            Map<String, String> old = Settings.of(topology.instance(), member, before);
            Map<String, String> next = Settings.of(topology.instance(), member, after);
            Set<String> changed = Planner.differing(definitions, old, next);
            for (Finding finding : Combinations.of(definitions, next, facts(handle, member))) {
                List<String> names = finding.names().stream().filter(changed::contains).toList();
                if (names.isEmpty()) {
                    continue;
                }
                if (finding.refuses()) {
                    faults.putIfAbsent(
                            names.getFirst(),
                            new FieldFault(
                                    "parameters." + names.getFirst(),
                                    "is refused: " + finding.words()));
                } else {
                    warnings.add(finding.words());
                }
            }
        }
        return List.copyOf(faults.values());
    }

    private Combinations.Member facts(Handle handle, MemberRow member) {
        long machine =
                HostStore.find(handle, member.hostId())
                        .flatMap(Room::status)
                        .map(status -> status.memoryBytes() / 1024 / 1024)
                        .orElse(0L);
        return new Combinations.Member(
                member.id(),
                member.size().memoryMegabytes(),
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

    private long expectedRestart(Handle handle) {
        return ParameterStore.lastInterruption(handle, topology.instance().id())
                .orElse(USUAL_RESTART_MS);
    }
}
