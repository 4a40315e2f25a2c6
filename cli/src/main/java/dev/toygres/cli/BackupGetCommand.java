package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres backup get}. */
@Command(name = "get", description = "Show a backup.")
final class BackupGetCommand extends ApiCommand {
    @Parameters(paramLabel = "BACKUP", description = "The backup.")
    private String id = "";

    BackupGetCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(session.client().getBackup(id), backup -> BackupPrinter.print(backup, output));
    }
}
