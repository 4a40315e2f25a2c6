package dev.toygres.model.parameter;

import dev.toygres.model.parameter.ParameterPlan.Action;
import dev.toygres.model.parameter.ParameterPlan.Change;
import dev.toygres.model.parameter.ParameterPlan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides what a change does to whom, and in which order (D13): a trial; the replicas, one as
 * canary, the others; the primary; and the replicas again for what was lowered. A standby must
 * never have less of the five hot-standby settings than its primary had when it wrote the WAL, so
 * until the primary has changed a replica has the higher of the old and the new value.
 */
public final class Planner {
    private final Map<String, ParameterDefinition> definitions;
    private final ApplyMode mode;
    private final List<String> undrift;

    private Planner(
            Map<String, ParameterDefinition> definitions, ApplyMode mode, List<String> undrift) {
        this.definitions = definitions;
        this.mode = mode;
        this.undrift = undrift;
    }

    /**
     * A member and its settings.
     *
     * @param before as they are given to it now
     * @param after as they will be agreed
     * @param waiting what is in force of those that wait for a restart, in the parameter's own unit
     */
    public record Member(
            String id,
            boolean primary,
            Map<String, String> before,
            Map<String, String> after,
            Map<String, String> waiting) {

        /** Nothing waits. */
        public Member(
                String id, boolean primary, Map<String, String> before, Map<String, String> after) {
            this(id, primary, before, after, Map.of());
        }

        /** What suits the primary before and after it has changed. */
        Map<String, String> meanwhile() {
            return MemberSettings.suitingBoth(before, after);
        }
    }

    /**
     * @param restartMs how long a restart of the primary is expected to take
     * @param members the primary and the replicas that can be ordered, the canary first of these
     * @param undrift names whose ALTER SYSTEM is taken back, also where what is agreed stays
     */
    public static ParameterPlan plan(
            Map<String, ParameterDefinition> definitions,
            List<Member> members,
            ApplyMode mode,
            long restartMs,
            List<String> warnings,
            List<String> undrift) {
        return new Planner(definitions, mode, undrift).plan(members, restartMs, warnings);
    }

    private ParameterPlan plan(List<Member> members, long restartMs, List<String> warnings) {
        Member primary = members.stream().filter(Member::primary).findFirst().orElseThrow();
        List<Member> replicas = members.stream().filter(one -> !one.primary()).toList();
        List<Change> changes = changes(primary);
        List<Step> steps = new ArrayList<>();
        replicas.forEach(one -> add(steps, one, 1, one.before(), one.meanwhile()));
        add(steps, primary, 2, primary.before(), primary.after());
        if (restartsPrimary(steps)) {
            replicas.forEach(one -> add(steps, one, 3, one.meanwhile(), one.after()));
        }
        if (steps.isEmpty()) {
            return new ParameterPlan(changes, List.of(), warnings, 0);
        }
        List<Step> all = new ArrayList<>(trials(members));
        all.addAll(steps);
        return new ParameterPlan(changes, all, warnings, interruption(all, restartMs));
    }

    private static List<Step> trials(List<Member> members) {
        return members.stream()
                .map(one -> new Step(one.id(), one.primary(), 0, Action.Trial, List.of()))
                .toList();
    }

    private static long interruption(List<Step> steps, long restartMs) {
        return restartsPrimary(steps) ? restartMs : 0;
    }

    /** Until it does, it has what it has, and replicas what suits that. */
    private static boolean restartsPrimary(List<Step> steps) {
        return steps.stream().anyMatch(one -> one.primary() && one.action() == Action.Restart);
    }

    private void add(
            List<Step> steps,
            Member member,
            int phase,
            Map<String, String> before,
            Map<String, String> after) {
        Set<String> all = new TreeSet<>(differing(before, after));
        if (phase < 3) {
            all.addAll(undrift);
        }
        List<String> names = List.copyOf(all);
        if (!names.isEmpty()) {
            Action action = action(names, member, after);
            steps.add(new Step(member.id(), member.primary(), phase, action, names));
        }
    }

    /**
     * When the primary waits for its next restart, replicas do not: one with less than it would
     * then have could not follow. What is lowered they have once the primary has.
     */
    private Action action(List<String> names, Member member, Map<String, String> after) {
        boolean restart =
                names.stream()
                        .filter(name -> category(name) == ParameterCategory.Restart)
                        .anyMatch(name -> !isInForce(name, member, after));
        if (!restart) {
            return Action.Reload;
        }
        boolean waits = mode == ApplyMode.OnNextRestart && member.primary();
        return waits ? Action.Later : Action.Restart;
    }

    /** What waited for a restart and is taken back before there was one. */
    private boolean isInForce(String name, Member member, Map<String, String> after) {
        return Optional.ofNullable(member.waiting().get(name))
                .filter(value -> effective(definitions, after, name).equals(Optional.of(value)))
                .isPresent();
    }

    private ParameterCategory category(String name) {
        return Optional.ofNullable(definitions.get(name))
                .map(ParameterDefinition::category)
                .orElse(ParameterCategory.Restart);
    }

    private List<Change> changes(Member primary) {
        return differing(primary.before(), primary.after()).stream()
                .map(name -> change(name, primary))
                .toList();
    }

    private Change change(String name, Member primary) {
        return new Change(
                name,
                category(name),
                shown(primary.before(), name),
                shown(primary.after(), name),
                !primary.after().containsKey(name),
                effect(name),
                Optional.empty());
    }

    private Optional<String> shown(Map<String, String> values, String name) {
        ParameterDefinition definition = definitions.get(name);
        return effective(definitions, values, name)
                .map(base -> definition == null ? base : definition.shown(base));
    }

    private String effect(String name) {
        return switch (category(name)) {
            case Dynamic -> "at once, in all sessions that did not set it themselves";
            case Reload -> "at once";
            case Restart ->
                    mode == ApplyMode.OnNextRestart ? "with the next restart" : "with a restart";
            case Immutable -> "none";
        };
    }

    private List<String> differing(Map<String, String> before, Map<String, String> after) {
        return List.copyOf(differing(definitions, before, after));
    }

    /** Names whose value changes, in their order. */
    public static Set<String> differing(
            Map<String, ParameterDefinition> definitions,
            Map<String, String> before,
            Map<String, String> after) {
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        names.removeIf(
                name ->
                        Objects.equals(
                                effective(definitions, before, name),
                                effective(definitions, after, name)));
        return names;
    }

    /** In the parameter's own unit; empty where it is neither set nor has a default. */
    public static Optional<String> effective(
            Map<String, ParameterDefinition> definitions, Map<String, String> values, String name) {
        Optional<ParameterDefinition> definition = Optional.ofNullable(definitions.get(name));
        return Optional.ofNullable(values.get(name))
                .map(text -> definition.map(one -> one.base(text)).orElse(text))
                .or(() -> definition.flatMap(ParameterDefinition::defaultValue));
    }
}
