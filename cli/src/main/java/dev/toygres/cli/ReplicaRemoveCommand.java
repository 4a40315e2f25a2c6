package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres replica remove}. */
@Command(name = "remove", description = "Remove a replica and its data, in any state.")
final class ReplicaRemoveCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "REPLICA", description = "Its name.")
    private String replica = "";

    @Mixin private final WaitOptions waiting = new WaitOptions();

    ReplicaRemoveCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var before = session.client().getInstance(id);
        waiting.print(
                session,
                waiting.client(session).removeReplica(id, replica),
                replica + " is removed.");
        InstancePrinter.warnOfLastSync(before, replica, session.output());
    }
}
