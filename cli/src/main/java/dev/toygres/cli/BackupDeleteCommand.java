package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres backup delete}. */
@Command(name = "delete", description = "Delete a backup that no other needs.")
final class BackupDeleteCommand extends ApiCommand {
    @Parameters(paramLabel = "BACKUP", description = "The backup.")
    private String id = "";

    @Mixin private final WaitOptions waiting = new WaitOptions();

    BackupDeleteCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        waiting.print(session, waiting.client(session).deleteBackup(id), id + " is deleted.");
    }
}
