package dev.toygres.cli;

import dev.toygres.cli.house.Installation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code toygres up}. */
@Command(
        name = "up",
        description = "Start toygres on this machine; what runs already is left alone.")
final class UpCommand extends ApiCommand {
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

    @Override
    void run() {
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
