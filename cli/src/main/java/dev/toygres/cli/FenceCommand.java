package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres fence}. */
@Command(
        name = "fence",
        description = "Stop an instance at once and keep it so: nothing starts it but unfence.")
final class FenceCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Mixin private final WaitOptions waiting = new WaitOptions();

    FenceCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        waiting.print(
                session,
                waiting.client(session).fenceInstance(id),
                id + " is fenced: nobody writes until toygres unfence " + id + ".");
    }
}
