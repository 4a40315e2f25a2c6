package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres backup pin}. */
@Command(name = "pin", description = "Keep a backup whatever the retention says.")
final class BackupPinCommand extends ApiCommand {
    @Parameters(paramLabel = "BACKUP", description = "The backup.")
    private String id = "";

    BackupPinCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(session.client().pinBackup(id), backup -> BackupPrinter.print(backup, output));
    }
}
