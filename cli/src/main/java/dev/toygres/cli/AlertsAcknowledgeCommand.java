package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres alerts acknowledge}. */
@Command(
        name = "acknowledge",
        description = "Say that you have seen an alert: it is told of once a day at most then.")
final class AlertsAcknowledgeCommand extends ApiCommand {
    @Parameters(paramLabel = "ALERT", description = "Its id, as toygres alerts shows it.")
    private String id = "";

    AlertsAcknowledgeCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(
                session.client().acknowledgeAlert(id),
                alert ->
                        output.line(
                                alert.resolvedAt().isPresent()
                                        ? "Alert " + id + " is over already."
                                        : "Alert %s is acknowledged by %s."
                                                .formatted(
                                                        id, alert.acknowledgedBy().orElse("you"))));
    }
}
