package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres auto-failover resume}. */
@Command(name = "resume", description = "End the pause.")
final class AutoFailoverResumeCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    AutoFailoverResumeCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(
                session.client().resumeAutoFailover(id),
                status -> AutoFailoverPrinter.print(status, output));
    }
}
