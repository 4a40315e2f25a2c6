package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres replica get}. */
@Command(name = "get", description = "Show a replica.")
final class ReplicaGetCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "REPLICA", description = "Its name.")
    private String replica = "";

    ReplicaGetCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(
                session.client().getReplica(id, replica),
                shown -> ReplicaPrinter.print(shown, output));
    }
}
