package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres backup retention}. */
@Command(
        name = "retention",
        description = "Tell what the retention would keep and drop now; nothing is changed.")
final class BackupRetentionCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    BackupRetentionCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(
                session.client().getRetentionPlan(id),
                plan -> {
                    var table = new Table("BACKUP", "WHAT", "WHY");
                    plan.keep()
                            .forEach(
                                    one ->
                                            table.row(
                                                    one.id(),
                                                    "keep",
                                                    String.join(", ", one.reasons())));
                    plan.drop().forEach(one -> table.row(one, "drop", ""));
                    table.print(output);
                });
    }
}
