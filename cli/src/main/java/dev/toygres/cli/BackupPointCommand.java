package dev.toygres.cli;

import dev.toygres.api.CreateRestorePointRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres backup point}. */
@Command(name = "point", description = "Give the present moment a name that one can restore to.")
final class BackupPointCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "The name of the restore point.")
    private String name = "";

    @Mixin private final WaitOptions waiting = new WaitOptions();

    BackupPointCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        waiting.print(
                session,
                waiting.client(session).createRestorePoint(id, new CreateRestorePointRequest(name)),
                "Restore point %s is made and archived.".formatted(name));
    }
}
