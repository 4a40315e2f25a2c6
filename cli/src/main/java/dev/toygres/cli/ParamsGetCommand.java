package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres params get}. */
@Command(name = "get", description = "Show one parameter of an instance.")
final class ParamsGetCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "The parameter.")
    private String name = "";

    ParamsGetCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var parameter =
                session.client().getParameters(id).parameters().stream()
                        .filter(one -> one.name().equalsIgnoreCase(name))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new CommandFailed(
                                                ExitCode.NOT_FOUND,
                                                "there is no parameter "
                                                        + name
                                                        + "; toygres params list "
                                                        + id
                                                        + " --all shows what there is"));
        var output = session.output();
        output.print(parameter, one -> ParameterPrinter.print(one, output));
    }
}
