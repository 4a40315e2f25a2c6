package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres replica rebuild}. */
@Command(
        name = "rebuild",
        description = "Make a replica anew that cannot follow any more; the primary is left alone.")
final class ReplicaRebuildCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "REPLICA", description = "Its name.")
    private String replica = "";

    @Mixin private final WaitOptions waiting = new WaitOptions();

    ReplicaRebuildCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        waiting.print(
                session,
                waiting.client(session).rebuildReplica(id, replica),
                replica + " follows " + id + " again.");
    }
}
