package dev.toygres.cli;

import dev.toygres.api.FailoverStatus;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres failovers}. */
@Command(name = "failovers", description = "List the failovers of an instance, or show one.")
final class FailoversCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "OPERATION",
            description = "Only this one, with all that is known of it.")
    private @Nullable String operation;

    @Mixin private final PageOptions paging = new PageOptions();

    FailoversCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var client = session.client();
        var output = session.output();
        paging.show(
                output,
                Optional.ofNullable(operation),
                one -> client.getFailover(id, one),
                query -> client.listFailovers(id, query),
                one -> FailoverPrinter.print(one, output),
                all -> print(all, output));
    }

    private static void print(List<FailoverStatus> all, Output output) {
        if (all.isEmpty()) {
            output.line("No failovers.");
        } else {
            FailoverPrinter.print(all, output);
        }
    }
}
