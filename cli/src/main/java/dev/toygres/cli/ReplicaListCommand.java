package dev.toygres.cli;

import dev.toygres.api.Replica;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres replica list}. */
@Command(name = "list", aliases = "ls", description = "List the replicas of an instance.")
final class ReplicaListCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Mixin private final PageOptions paging = new PageOptions();

    ReplicaListCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var client = session.client();
        var page = paging.<Replica>read(query -> client.listReplicas(id, query));
        var output = session.output();
        output.print(
                page,
                p -> {
                    if (p.items().isEmpty()) {
                        output.line("No replicas. Add one: toygres replica add " + id + " REPLICA");
                    } else {
                        ReplicaPrinter.print(p.items(), output);
                    }
                });
    }
}
