package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres undo-restore}. */
@Command(
        name = "undo-restore",
        description = "Bring the data back that the last restore in place replaced.")
final class UndoRestoreCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Mixin private final WaitOptions waiting = new WaitOptions();

    UndoRestoreCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        waiting.print(
                session,
                waiting.client(session).undoRestore(id),
                "%s has its former data again.".formatted(id));
    }
}
