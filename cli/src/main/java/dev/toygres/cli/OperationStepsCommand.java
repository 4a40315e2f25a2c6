package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres operation steps}. */
@Command(name = "steps", description = "List an operation's steps.")
final class OperationStepsCommand extends ApiCommand {
    @Parameters(paramLabel = "OPERATION", description = "Its id.")
    private String id = "";

    OperationStepsCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(
                session.client().listOperationSteps(id),
                steps -> OperationPrinter.printSteps(steps, output));
    }
}
