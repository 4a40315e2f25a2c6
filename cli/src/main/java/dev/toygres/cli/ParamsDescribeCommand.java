package dev.toygres.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres params describe}. */
@Command(name = "describe", description = "Tell what a parameter is and what it takes.")
final class ParamsDescribeCommand extends ApiCommand {
    @Parameters(paramLabel = "NAME", description = "The parameter.")
    private String name = "";

    @Option(
            names = "--postgres-version",
            paramLabel = "MAJOR",
            description = "Of which Postgres; default: the newest that a host has.")
    private @Nullable String version;

    ParamsDescribeCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(
                session.client().describeParameter(name, Optional.ofNullable(version)),
                one -> ParameterPrinter.print(one, output));
    }
}
