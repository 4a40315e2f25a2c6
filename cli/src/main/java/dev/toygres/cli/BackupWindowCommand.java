package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres backup window}. */
@Command(name = "window", description = "Show which points in time can be restored.")
final class BackupWindowCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    BackupWindowCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(
                session.client().getRestoreWindow(id),
                window -> BackupPrinter.print(window, output));
    }
}
