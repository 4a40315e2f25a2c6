package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres operation show}. */
@Command(name = "show", aliases = "get", description = "Show an operation and its steps.")
final class OperationShowCommand extends ApiCommand {
    @Parameters(paramLabel = "OPERATION", description = "Its id.")
    private String id = "";

    OperationShowCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var client = session.client();
        var output = session.output();
        output.print(
                client.getOperation(id),
                operation -> {
                    OperationPrinter.print(operation, output);
                    output.line("");
                    OperationPrinter.printSteps(client.listOperationSteps(id), output);
                });
    }
}
