package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres operation retry}. */
@Command(name = "retry", description = "Go on with a failed operation where it failed.")
final class OperationRetryCommand extends ApiCommand {
    @Parameters(paramLabel = "OPERATION", description = "Its id.")
    private String id = "";

    @Mixin private final WaitOptions waiting = new WaitOptions();

    OperationRetryCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        waiting.print(session, waiting.client(session).retryOperation(id), id + " has succeeded.");
    }
}
