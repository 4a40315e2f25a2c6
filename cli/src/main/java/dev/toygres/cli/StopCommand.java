package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres stop}. */
@Command(name = "stop", description = "Stop an instance; its data stays.")
final class StopCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Mixin private final WaitOptions waiting = new WaitOptions();

    StopCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        waiting.print(
                session,
                waiting.client(session).stopInstance(id),
                id + " is stopped; its data stays.");
    }
}
