package dev.toygres.cli;

import dev.toygres.api.Instance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code toygres list}. */
@Command(name = "list", aliases = "ls", description = "List the instances.")
final class ListCommand extends ApiCommand {
    @Mixin private final PageOptions paging = new PageOptions();

    ListCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var page = paging.<Instance>read(session.client()::listInstances);
        var output = session.output();
        output.print(page, p -> InstancePrinter.print(p.items(), output));
    }
}
