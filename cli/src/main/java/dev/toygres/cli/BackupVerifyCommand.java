package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres backup verify}. */
@Command(name = "verify", description = "Read a backup again and compare its checksums.")
final class BackupVerifyCommand extends ApiCommand {
    @Parameters(paramLabel = "BACKUP", description = "The backup.")
    private String id = "";

    @Mixin private final WaitOptions waiting = new WaitOptions();

    BackupVerifyCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        waiting.print(session, waiting.client(session).verifyBackup(id), id + " is sound.");
    }
}
