package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres start}. */
@Command(name = "start", description = "Start a stopped instance.")
final class StartCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Mixin private final WaitOptions waiting = new WaitOptions();

    StartCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        waiting.print(session, waiting.client(session).startInstance(id), id + " is running.");
    }
}
