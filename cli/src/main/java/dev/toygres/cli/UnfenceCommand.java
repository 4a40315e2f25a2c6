package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres unfence}. */
@Command(name = "unfence", description = "Let a fenced instance serve again.")
final class UnfenceCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Mixin private final WaitOptions waiting = new WaitOptions();

    UnfenceCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        waiting.print(session, waiting.client(session).unfenceInstance(id), id + " serves again.");
    }
}
