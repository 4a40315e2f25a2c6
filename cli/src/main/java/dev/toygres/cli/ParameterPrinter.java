package dev.toygres.cli;

import dev.toygres.api.InstanceParameters;
import dev.toygres.api.Parameter;
import dev.toygres.api.ParameterChange;
import dev.toygres.api.ParameterDefinition;
import dev.toygres.api.ParameterPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Parameters as text. */
final class ParameterPrinter {
    private static final int NAMES = 4;

    private ParameterPrinter() {}

    static void print(InstanceParameters parameters, Output output) {
        var table = new Table("NAME", "VALUE", "PENDING", "SOURCE", "CATEGORY");
        for (var one : parameters.parameters()) {
            table.row(
                    one.name(),
                    one.value().orElse(""),
                    one.pendingValue().orElse(""),
                    one.source(),
                    one.definition().category());
        }
        table.print(output);
        parameters.profile().ifPresent(name -> output.line("Profile: " + name));
        parameters.trouble().forEach(words -> output.line("Note: " + words));
    }

    static void print(Parameter one, Output output) {
        var facts =
                Table.facts()
                        .row("Name", one.name())
                        .row("Value", one.value().orElse(""))
                        .row("Source", one.source());
        one.setValue().ifPresent(value -> facts.row("Set", value));
        one.pendingValue().ifPresent(value -> facts.row("After a restart", value));
        one.driftValue().ifPresent(value -> facts.row("ALTER SYSTEM", value));
        describe(facts, one.definition());
        facts.print(output);
    }

    static void print(ParameterDefinition definition, Output output) {
        var facts = Table.facts().row("Name", definition.name());
        describe(facts, definition);
        facts.print(output);
    }

    private static void describe(Table facts, ParameterDefinition definition) {
        facts.row("Description", definition.description())
                .row("Category", definition.category())
                .row("Type", definition.dataType());
        definition.unit().ifPresent(unit -> facts.row("Unit of numbers", unit));
        facts.row("Default", definition.defaultValue().orElse(""));
        definition.minValue().ifPresent(least -> facts.row("Least", least));
        definition.maxValue().ifPresent(most -> facts.row("Most", most));
        if (!definition.enumValues().isEmpty()) {
            facts.row("Choices", String.join(", ", definition.enumValues()));
        }
        definition.owned().ifPresent(why -> facts.row("Set by toygres", why));
    }

    static void print(ParameterPlan plan, Output output) {
        if (plan.changes().isEmpty()) {
            output.line("Nothing would change.");
        } else {
            var table = new Table("PARAMETER", "NOW", "THEN", "CATEGORY", "IN FORCE");
            plan.changes()
                    .forEach(
                            one ->
                                    table.row(
                                            one.name(),
                                            one.oldValue().orElse(""),
                                            one.newValue().orElse("")
                                                    + (one.reset() ? " (default)" : ""),
                                            one.category(),
                                            one.effect()));
            table.print(output);
            reasons(plan, output);
        }
        steps(plan, output);
        plan.warnings().forEach(words -> output.line("Warning: " + words));
    }

    /** Before it is carried out; on the side, so that programs still read their JSON. */
    static void announceChanges(ParameterPlan plan, Output output) {
        plan.changes()
                .forEach(
                        one ->
                                output.note(
                                        "%s: %s -> %s%s"
                                                .formatted(
                                                        one.name(),
                                                        one.oldValue().orElse(""),
                                                        one.newValue().orElse(""),
                                                        one.reset() ? " (default)" : "")));
        announceWarnings(plan, output);
    }

    static void announceWarnings(ParameterPlan plan, Output output) {
        plan.warnings().forEach(words -> output.note("Warning: " + words));
    }

    private static void reasons(ParameterPlan plan, Output output) {
        if (plan.changes().stream().noneMatch(one -> one.reason().isPresent())) {
            return;
        }
        output.line("");
        var table = new Table("PARAMETER", "FORMULA OF THE PROFILE");
        plan.changes()
                .forEach(one -> one.reason().ifPresent(words -> table.row(one.name(), words)));
        table.print(output);
    }

    private static void steps(ParameterPlan plan, Output output) {
        if (plan.steps().isEmpty()) {
            return;
        }
        output.line("");
        var table = new Table("STEP", "MEMBER", "ROLE", "WHAT", "FOR");
        int number = 1;
        for (var step : plan.steps()) {
            table.row(number++, step.memberId(), step.role(), words(step.action()), names(step));
        }
        table.print(output);
        output.line("");
        output.line(
                plan.expectedInterruptionMs() == 0
                        ? "No interruption of writes."
                        : "Writes are expected to pause for about %d ms."
                                .formatted(plan.expectedInterruptionMs()));
    }

    private static String words(String action) {
        return switch (action) {
            case "Trial" -> "try on a scratch server";
            case "Reload" -> "reload";
            case "Restart" -> "restart";
            case "Later" -> "write down for the next restart";
            default -> action;
        };
    }

    private static String names(ParameterPlan.Step step) {
        List<String> names = step.parameters();
        return names.size() <= NAMES
                ? String.join(", ", names)
                : "%s and %d more"
                        .formatted(
                                String.join(", ", names.subList(0, NAMES)), names.size() - NAMES);
    }

    static void print(List<ParameterChange> changes, Output output) {
        if (changes.isEmpty()) {
            output.line("No changes.");
            return;
        }
        var table = new Table("ID", "STATE", "WHEN", "WHO", "WHAT", "PAUSE", "AGE");
        for (var one : changes) {
            table.row(
                    one.id(),
                    one.state(),
                    one.applyMode().at().map(String::valueOf).orElse(one.applyMode().kind()),
                    one.who(),
                    what(one),
                    one.interruptionMs().map(ms -> ms + " ms").orElse(""),
                    output.age(one.createdAt()));
        }
        table.print(output);
    }

    private static String what(ParameterChange one) {
        String names = String.join(",", one.parameters().keySet());
        String reset = one.reset().isEmpty() ? "" : " reset " + String.join(",", one.reset());
        return (one.cause() + one.profile().map(name -> " " + name).orElse("") + " " + names)
                        .strip()
                + reset;
    }

    static void print(ParameterChange one, Output output) {
        var facts =
                Table.facts()
                        .row("Id", one.id())
                        .row("Instance", one.instanceId())
                        .row("State", one.state())
                        .row("When", one.applyMode().kind())
                        .row("Cause", one.cause())
                        .row("Who", one.who())
                        .row("Why", one.reason().orElse(""))
                        .row("Asked for", values(one.parameters()))
                        .row("Before", values(one.before().orElse(Map.of())))
                        .row("After", values(one.after().orElse(Map.of())));
        one.applyMode().at().ifPresent(at -> facts.row("At", at));
        one.failure().ifPresent(why -> facts.row("Failure", why));
        facts.print(output);
    }

    private static String values(Map<String, String> values) {
        return values.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(one -> one.getKey() + "=" + one.getValue())
                .collect(Collectors.joining(", "));
    }

    /** What came of it. */
    static String words(ParameterChange change) {
        Optional<Long> paused = change.interruptionMs();
        return switch (change.state()) {
            case "Pending" ->
                    "Agreed; what needs a restart waits for it: toygres restart "
                            + change.instanceId();
            default ->
                    "In force on every member that can be reached."
                            + paused.map(ms -> " No write was possible for " + ms + " ms.")
                                    .orElse("");
        };
    }
}
