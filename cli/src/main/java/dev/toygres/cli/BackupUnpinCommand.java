package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres backup unpin}. */
@Command(name = "unpin", description = "Leave a backup to the retention again.")
final class BackupUnpinCommand extends ApiCommand {
    @Parameters(paramLabel = "BACKUP", description = "The backup.")
    private String id = "";

    BackupUnpinCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(
                session.client().unpinBackup(id), backup -> BackupPrinter.print(backup, output));
    }
}
