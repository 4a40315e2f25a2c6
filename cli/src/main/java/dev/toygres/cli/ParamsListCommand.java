package dev.toygres.cli;

import dev.toygres.api.InstanceParameters;
import dev.toygres.api.Parameter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres params list}. */
@Command(name = "list", aliases = "ls", description = "List the parameters of an instance.")
final class ParamsListCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "TEXT",
            description = "Only those with this in their name.")
    private String text = "";

    @Option(
            names = "--all",
            description = "Also those that have Postgres's own default, or that toygres sets.")
    private boolean all;

    ParamsListCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var found = session.client().getParameters(id);
        var shown =
                new InstanceParameters(
                        found.instanceId(),
                        found.postgresVersion(),
                        found.version(),
                        found.profile(),
                        found.parameters().stream().filter(this::isWanted).toList(),
                        found.trouble());
        var output = session.output();
        output.print(shown, one -> ParameterPrinter.print(one, output));
    }

    private boolean isWanted(Parameter parameter) {
        boolean named = parameter.name().contains(text.toLowerCase(Locale.ROOT));
        boolean byDefault =
                parameter.source().equals("default") || parameter.source().equals("toygres");
        boolean notable = !byDefault || parameter.pendingValue().isPresent();
        return named && (all || notable || !text.isEmpty());
    }
}
