package dev.toygres.cli;

import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine;

/** The command line's main class. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(Surroundings.ofThisProcess(), arguments));
    }

    static int run(Surroundings around, String... arguments) {
        var options = new GlobalOptions();
        try (var session = new Session(around, options)) {
            return commandLine(session, options)
                    .setOut(around.out())
                    .setErr(around.err())
                    .setExecutionExceptionHandler(new Failures(session))
                    .setParameterExceptionHandler(Failures::usage)
                    .execute(arguments);
        }
    }

    static CommandLine commandLine(Session session, GlobalOptions options) {
        var toygres = new CommandLine(new Toygres());
        toygres.addMixin("global", options);
        Commands.addTo(toygres, session);
        Toygres.completeHelp(toygres);
        return WholeNumbers.register(toygres)
                .registerConverter(Duration.class, new Durations())
                .registerConverter(Instant.class, new Times())
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .setAbbreviatedOptionsAllowed(false)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }
}
