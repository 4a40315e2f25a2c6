package dev.toygres.cli;

import dev.toygres.cli.house.Installation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code toygres down}. */
@Command(name = "down", description = "Stop what 'up' has started, instances too; the data stays.")
final class DownCommand extends ApiCommand {
    @Option(
            names = "--host",
            paramLabel = "HOST",
            description =
                    "Only the agent of this host; its Postgres servers go on, but a primary with"
                            + " replicas elsewhere is failed over.")
    private @Nullable String host;

    DownCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var installation = Installation.at(session.home());
        installation.down(
                Optional.ofNullable(host), words -> session.output().note("toygres: " + words));
        StatusPrinter.print(installation.status(), session.output());
    }
}
