package dev.toygres.cli;

import java.util.LinkedHashMap;
import picocli.CommandLine;
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
        description = "Managed Postgres that you run yourself.")
final class Toygres implements Runnable {
    /** What only the help of the whole tells, and not that of each command below it. */
    static void completeHelp(CommandLine toygres) {
        var exitCodes = new LinkedHashMap<String, String>();
        exitCodes.put("0", "done");
        exitCodes.put("1", "failed");
        exitCodes.put("2", "wrong usage");
        exitCodes.put("3", "not found");
        exitCodes.put("4", "conflict, or refused");
        exitCodes.put("5", "timed out");
        toygres.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(exitCodes)
                .footer(
                        "",
                        "In the source directory, ./toygres knows these as well:",
                        "  test [unit|e2e|chaos|bench|all]   run the tests; without a name: unit, e2e and"
                                + " a short chaos",
                        "  build                             build, if the sources are newer than the"
                                + " build",
                        "  packages                          install the Debian packages that are"
                                + " missing");
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
