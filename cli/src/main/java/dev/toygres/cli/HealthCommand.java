package dev.toygres.cli;

import dev.toygres.api.HealthCheck;
import dev.toygres.api.InstanceHealth;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres health}. */
@Command(name = "health", description = "Show the last check of each member of an instance.")
final class HealthCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    HealthCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(session.client().getHealth(id), health -> print(health, output));
    }

    private static void print(InstanceHealth health, Output output) {
        var table =
                new Table(
                        "MEMBER",
                        "ROLE",
                        "HEALTHY",
                        "CONNECT",
                        "QUERY",
                        "REPLICATION",
                        "DISK",
                        "CUSTOM",
                        "TOOK",
                        "CHECKED",
                        "TROUBLE");
        for (HealthCheck one : health.members()) {
            table.row(
                    one.memberId(),
                    one.role(),
                    yes(one.healthy()),
                    yes(one.connectivity()),
                    yes(one.queryResponsive()),
                    yes(one.replicationHealthy()),
                    yes(one.diskSpaceOk()),
                    one.customCheckOk().map(HealthCommand::yes).orElse(""),
                    one.responseMs().map(ms -> ms + " ms").orElse(""),
                    one.checkedAt().map(output::age).map(age -> age + " ago").orElse("never"),
                    trouble(one).orElse(""));
        }
        table.print(output);
    }

    private static Optional<String> trouble(HealthCheck check) {
        return check.words().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        check.failuresInARow() > 0
                                ? "%s (%d in a row)"
                                        .formatted(check.words(), check.failuresInARow())
                                : check.words());
    }

    private static String yes(boolean good) {
        return good ? "yes" : "NO";
    }
}
