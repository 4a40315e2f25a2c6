package dev.toygres.cli;

import dev.toygres.api.AutoFailoverStatus;
import dev.toygres.api.AutoFailoverStatus.Candidate;
import dev.toygres.api.AutoFailoverStatus.Verdict;

/** What would happen by itself, as text. */
final class AutoFailoverPrinter {
    private static final int LINES = 10;

    private AutoFailoverPrinter() {}

    static void print(AutoFailoverStatus status, Output output) {
        var facts =
                Table.facts()
                        .row("Instance", status.instanceId())
                        .row("Automatic failover", enabled(status))
                        .row("Primary", status.primary())
                        .row("Now", words(status.now()))
                        .row("If the primary died", words(status.ifPrimaryDied()))
                        .row(
                                "Failovers this hour",
                                "%d of at most %d"
                                        .formatted(
                                                status.failoversLastHour(),
                                                status.failoversPerHour()));
        status.cooldownUntil().ifPresent(until -> facts.row("Cooldown until", until));
        facts.row("Watched by", status.watchedBy().orElse("nobody just now"));
        for (Candidate one : status.candidates()) {
            facts.row("Replica " + one.replicaId(), words(one));
        }
        facts.print(output);
        history(status, output);
    }

    private static String enabled(AutoFailoverStatus status) {
        return status.pausedUntil()
                .map(
                        until ->
                                "paused until %s: %s"
                                        .formatted(until, status.pauseReason().orElse("")))
                .orElse(status.enabled() ? "on" : "off (failoversPerHour is 0)");
    }

    private static String words(Verdict verdict) {
        return switch (verdict.action()) {
            case "FailOver" ->
                    "%s takes over: %s"
                            .formatted(verdict.candidate().orElse("a replica"), verdict.why());
            case "Restart" -> "the primary is restarted where it is: " + verdict.why();
            case "Ask" -> "somebody has to decide: " + verdict.why();
            case "AlertOnly" -> "only an alert: " + verdict.why();
            default -> "nothing: " + verdict.why();
        };
    }

    private static String words(Candidate one) {
        String lag = one.lagBytes().map(Output::bytes).orElse("unknown");
        return one.fault()
                .map(fault -> "cannot take over: it " + fault)
                .orElse("can take over, %s behind".formatted(lag));
    }

    private static void history(AutoFailoverStatus status, Output output) {
        if (status.history().isEmpty()) {
            return;
        }
        output.line("");
        var table = new Table("AT", "DECISION", "WHY", "OPERATION");
        status.history().stream()
                .limit(LINES)
                .forEach(
                        one ->
                                table.row(
                                        one.at(),
                                        one.action(),
                                        one.why(),
                                        one.operationId().orElse("")));
        table.print(output);
    }
}
