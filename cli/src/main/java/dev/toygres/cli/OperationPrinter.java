package dev.toygres.cli;

import dev.toygres.api.Operation;
import dev.toygres.api.OperationStep;
import java.time.Duration;
import java.util.List;

/** Operations as text. */
final class OperationPrinter {
    private OperationPrinter() {}

    static void print(List<Operation> operations, Output output) {
        if (operations.isEmpty()) {
            output.line("No operations.");
            return;
        }
        var table = new Table("ID", "TYPE", "INSTANCE", "STATE", "PROGRESS", "STEP", "AGE");
        for (var operation : operations) {
            table.row(
                    operation.id(),
                    operation.type(),
                    operation.instanceId().orElse(""),
                    operation.state(),
                    Math.round(operation.progress() * 100) + "%",
                    operation.currentStep().orElse(""),
                    output.age(operation.createdAt()));
        }
        table.print(output);
    }

    static void print(Operation operation, Output output) {
        var facts =
                Table.facts()
                        .row("Id", operation.id())
                        .row("Type", operation.type())
                        .row("Instance", operation.instanceId().orElse(""))
                        .row("State", operation.state())
                        .row(
                                "Progress",
                                Progress.bar(operation.progress())
                                        + " "
                                        + Math.round(operation.progress() * 100)
                                        + "%")
                        .row("Created", operation.createdAt());
        operation.completedAt().ifPresent(at -> facts.row("Completed", at));
        operation.currentStep().ifPresent(step -> facts.row("Step", step));
        operation.message().ifPresent(message -> facts.row("Message", message));
        operation.error().ifPresent(error -> facts.row("Error", error));
        if (!operation.result().isEmpty()) {
            facts.row("Result", operation.result());
        }
        if (!operation.question().isEmpty()) {
            facts.row("Question", operation.question());
        }
        facts.print(output);
    }

    static void printSteps(List<OperationStep> steps, Output output) {
        var table = new Table("STEP", "KIND", "STATE", "ATTEMPT", "TOOK", "SAID");
        for (var step : steps) {
            table.row(
                    step.name(),
                    step.kind(),
                    step.state(),
                    step.attempt(),
                    step.endedAt().map(end -> took(step, end)).orElse(""),
                    step.error().or(step::message).orElse(""));
        }
        table.print(output);
    }

    private static String took(OperationStep step, java.time.Instant end) {
        return Duration.between(step.startedAt(), end).toMillis() + " ms";
    }
}
