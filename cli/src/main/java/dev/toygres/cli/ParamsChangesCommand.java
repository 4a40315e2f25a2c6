package dev.toygres.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres params changes}. */
@Command(
        name = "changes",
        description = "List the changes of an instance's parameters, or show one.")
final class ParamsChangesCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "CHANGE",
            description = "Only this one, with all that is known of it.")
    private @Nullable String change;

    @Mixin private final PageOptions paging = new PageOptions();

    ParamsChangesCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var client = session.client();
        var output = session.output();
        paging.show(
                output,
                Optional.ofNullable(change),
                one -> client.getParameterChange(id, one),
                query -> client.listParameterChanges(id, query),
                one -> ParameterPrinter.print(one, output),
                all -> ParameterPrinter.print(all, output));
    }
}
