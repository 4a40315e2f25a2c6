package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres auto-failover status}. */
@Command(name = "status", description = "Tell what would happen now, and what was decided before.")
final class AutoFailoverStatusCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    AutoFailoverStatusCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(
                session.client().getAutoFailover(id),
                status -> AutoFailoverPrinter.print(status, output));
    }
}
