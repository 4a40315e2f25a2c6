package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres backup points}. */
@Command(name = "points", description = "List the restore points of an instance.")
final class BackupPointsCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    BackupPointsCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(
                session.client().listRestorePoints(id),
                points -> {
                    var table = new Table("NAME", "MADE", "POSITION", "TIMELINE");
                    points.forEach(
                            point ->
                                    table.row(
                                            point.name(),
                                            point.createdAt(),
                                            point.lsn(),
                                            point.timeline()));
                    table.print(output);
                });
    }
}
