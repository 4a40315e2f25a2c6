package dev.toygres.cli;

import dev.toygres.api.Instance;
import dev.toygres.cli.house.Installation;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.client.ToygresException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code toygres status}. */
@Command(
        name = "status",
        description = "Tell what runs on this machine; exit code 1 when something does not.")
final class StatusCommand implements Callable<Integer> {
    private final Session session;

    StatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var status = Installation.at(session.home()).status();
        var output = session.output();
        StatusPrinter.print(status, output);
        // A host of a server elsewhere knows of no instances.
        if (status.up() && status.server().isPresent() && output.forPeople()) {
            printInstances(output);
        }
        return status.up() ? ExitCode.OK : ExitCode.FAILED;
    }

    private void printInstances(Output output) {
        output.line("");
        try {
            var instances =
                    ToygresClient.<Instance>all(session.client()::listInstances, ListQuery.first())
                            .toList();
            InstancePrinter.print(instances, output);
        } catch (ToygresException e) {
            output.note("toygres: no instances are shown: " + e.getMessage());
        }
    }
}
