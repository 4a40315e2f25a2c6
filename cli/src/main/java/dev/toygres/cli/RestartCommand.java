package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres restart}. */
@Command(name = "restart", description = "Restart an instance's Postgres.")
final class RestartCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Mixin private final WaitOptions waiting = new WaitOptions();

    RestartCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        waiting.print(
                session, waiting.client(session).restartInstance(id), id + " has been restarted.");
    }
}
