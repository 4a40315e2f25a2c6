package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres get}. */
@Command(name = "get", description = "Show an instance.")
final class GetCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    GetCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(
                session.client().getInstance(id),
                instance -> InstancePrinter.print(instance, output));
    }
}
