package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres operation cancel}. */
@Command(name = "cancel", description = "Call an operation off; what it did is undone.")
final class OperationCancelCommand extends ApiCommand {
    @Parameters(paramLabel = "OPERATION", description = "Its id.")
    private String id = "";

    OperationCancelCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(
                session.client().cancelOperation(id),
                operation -> output.line("%s is being cancelled.".formatted(operation.id())));
    }
}
