package dev.toygres.cli;

import dev.toygres.api.FailoverPlan;
import dev.toygres.api.FailoverStatus;
import dev.toygres.api.OpenTransaction;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Failovers as text. */
final class FailoverPrinter {
    private FailoverPrinter() {}

    static void print(List<FailoverStatus> failovers, Output output) {
        var table = new Table("ID", "STATE", "FROM", "TO", "CAUSE", "INTERRUPTED", "LOST", "AGE");
        for (var failover : failovers) {
            table.row(
                    failover.operationId(),
                    failover.state(),
                    failover.oldPrimaryId(),
                    failover.newPrimaryId(),
                    failover.cause(),
                    milliseconds(failover.interruptionMs()),
                    bytes(failover.dataLossBytes()),
                    output.age(failover.startedAt()));
        }
        table.print(output);
    }

    static void print(FailoverStatus failover, Output output) {
        var facts =
                Table.facts()
                        .row("Id", failover.operationId())
                        .row("Instance", failover.instanceId())
                        .row("State", failover.state())
                        .row("From", failover.oldPrimaryId())
                        .row("To", failover.newPrimaryId())
                        .row("Cause", failover.cause())
                        .row("Started", failover.startedAt())
                        .row("Completed", failover.completedAt().map(String::valueOf).orElse(""))
                        .row("Lag at start", bytes(failover.replicationLagAtStart()))
                        .row("Interrupted", milliseconds(failover.interruptionMs()))
                        .row("Lost", bytes(failover.dataLossBytes()))
                        .row("Proof", failover.proof().orElse(""));
        failover.reason().ifPresent(reason -> facts.row("Reason", reason));
        facts.print(output);
    }

    static void print(FailoverPlan plan, Output output) {
        Table.facts()
                .row("Instance", plan.instanceId())
                .row("Possible", plan.possible() ? "yes" : "no")
                .row("From", plan.oldPrimaryId())
                .row("To", plan.newPrimaryId().orElse(""))
                .row("At risk", bytes(plan.bytesAtRisk()))
                .row("Interruption", milliseconds(plan.expectedInterruptionMs()))
                .row("Sessions", plan.sessions().map(String::valueOf).orElse(""))
                .row(
                        "Idle in transaction",
                        plan.idleInTransaction().map(String::valueOf).orElse(""))
                .row("Long transactions", plan.longTransactions().map(String::valueOf).orElse(""))
                .print(output);
        plan.reasons().forEach(reason -> output.line("  " + reason));
        transactions(plan.openTransactions(), output);
        if (!plan.steps().isEmpty()) {
            output.line("");
            output.line("Steps:");
            plan.steps().forEach(step -> output.line("  " + step));
        }
    }

    private static void transactions(List<OpenTransaction> open, Output output) {
        if (open.isEmpty()) {
            return;
        }
        output.line("");
        var table = new Table("OPEN FOR", "USER", "APPLICATION", "DATABASE", "STATE");
        for (var one : open) {
            table.row(
                    String.format(Locale.ROOT, "%.1f s", one.ageMs() / 1000.0),
                    one.user(),
                    one.application(),
                    one.database(),
                    one.state());
        }
        table.print(output);
    }

    /** What came of it, in a sentence. */
    static String words(FailoverStatus failover) {
        return "The primary of %s is now %s, it was %s.%s%s"
                .formatted(
                        failover.instanceId(),
                        failover.newPrimaryId(),
                        failover.oldPrimaryId(),
                        failover.interruptionMs()
                                .map(ms -> " No write was possible for " + ms + " ms.")
                                .orElse(""),
                        failover.dataLossBytes().map(FailoverPrinter::lost).orElse(""));
    }

    private static String lost(long count) {
        return count == 0 ? " Nothing was lost." : " " + Output.bytes(count) + " were lost.";
    }

    private static String bytes(Optional<Long> count) {
        return count.map(Output::bytes).orElse("");
    }

    private static String milliseconds(Optional<Long> count) {
        return count.map(ms -> ms + " ms").orElse("");
    }
}
