package dev.toygres.cli;

import dev.toygres.api.FailoverStatus;
import dev.toygres.api.Page;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres failovers}. */
@Command(name = "failovers", description = "List the failovers of an instance, or show one.")
final class FailoversCommand extends ApiCommand {
    private static final int MOST = 50;

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
        if (operation != null) {
            output.print(
                    client.getFailover(id, operation),
                    failover -> FailoverPrinter.print(failover, output));
            return;
        }
        var page =
                paging.atMost(MOST).<FailoverStatus>read(query -> client.listFailovers(id, query));
        output.print(page, p -> print(p, output));
    }

    private static void print(Page<FailoverStatus> page, Output output) {
        if (page.items().isEmpty()) {
            output.line("No failovers.");
        } else {
            FailoverPrinter.print(page.items(), output);
        }
    }
}
