package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of all commands, which does nothing itself. */
@Command(
        name = "toygres",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        sortSynopsis = false,
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        description = "Managed Postgres that you run yourself.",
        footer = {
            "",
            "In the source directory, ./toygres knows these as well:",
            "  test [unit|e2e|chaos|bench|all]   run the tests; without a name: unit, e2e, and a short chaos",
            "  build                             build, if the sources are newer than the build",
            "  packages                          install the Debian packages that are missing"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:wrong usage",
            "3:not found",
            "4:conflict, or refused",
            "5:timed out"
        })
final class Toygres implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
