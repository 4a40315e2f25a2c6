package dev.toygres.cli;

import dev.toygres.api.NotificationTarget;
import dev.toygres.api.NotificationTargets;
import picocli.CommandLine.Command;

/** {@code toygres notification list}. */
@Command(name = "list", description = "Who is told of alerts, and whether it works.")
final class NotificationListCommand extends ApiCommand {
    NotificationListCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(
                session.client().getNotificationTargets().value(), found -> print(found, output));
    }

    static void print(NotificationTargets found, Output output) {
        if (found.targets().isEmpty()) {
            output.line("Nobody is told of alerts.");
        } else {
            var table = new Table("NAME", "KIND", "AT LEAST", "WHERE", "LAST DELIVERED", "TROUBLE");
            for (var target : found.targets()) {
                table.row(
                        target.name(),
                        target.kind(),
                        target.minimumSeverity().orElse("Info"),
                        where(target),
                        target.lastDeliveredAt().map(output::age).orElse(""),
                        target.lastError()
                                .map(
                                        error ->
                                                target.failures().orElse(0)
                                                        + " failed attempts: "
                                                        + error)
                                .orElse(""));
            }
            table.print(output);
        }
        found.repeatEvery()
                .ifPresent(
                        time ->
                                output.line(
                                        "What lasts is told of again every "
                                                + Output.words(time)
                                                + "."));
    }

    private static String where(NotificationTarget target) {
        return switch (target.kind()) {
            case "Webhook" -> target.url().orElse("");
            case "Smtp" ->
                    "%s by %s:%s"
                            .formatted(
                                    target.to().map(to -> String.join(" ", to)).orElse(""),
                                    target.host().orElse(""),
                                    target.port().map(String::valueOf).orElse(""));
            default -> "the log of the server";
        };
    }
}
