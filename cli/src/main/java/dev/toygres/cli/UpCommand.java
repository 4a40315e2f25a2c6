package dev.toygres.cli;

import dev.toygres.cli.house.Installation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code toygres up}. */
@Command(
        name = "up",
        description = "Start toygres on this machine; what runs already is left alone.")
final class UpCommand extends ApiCommand {
    /** Each has an address 127.0.0.N. */
    private static final int MOST_HOSTS = 254;

    private static final int MOST_SERVERS = 32;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Option(
            names = "--hosts",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many hosts this machine stands for, at least; default: 1.")
    private int hosts = 1;

    @Option(
            names = "--servers",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many server processes, at least; default: 1.")
    private int servers = 1;

    @Option(names = "--host", paramLabel = "HOST", description = "Only the agent of this host.")
    private @Nullable String host;

    UpCommand(Session session) {
        super(session);
    }

    private void checkRange(String option, int count, int most) {
        if (count < 1 || count > most) {
            throw new ParameterException(
                    spec.commandLine(), "%s: must be from 1 to %d".formatted(option, most));
        }
    }

    @Override
    void run() {
        checkRange("--hosts", hosts, MOST_HOSTS);
        checkRange("--servers", servers, MOST_SERVERS);
        var began = System.nanoTime();
        var installation = Installation.prepare(session.home());
        installation.up(
                new Installation.Wishes(
                        hosts,
                        servers,
                        Optional.ofNullable(host),
                        session.around.variable("TOYGRES_DATABASE_URL"),
                        session.around.distribution()),
                words -> session.output().note("toygres: " + words));
        session.output()
                .note("toygres: up after %.1f s".formatted((System.nanoTime() - began) / 1e9));
        StatusPrinter.print(installation.status(), session.output());
    }
}
