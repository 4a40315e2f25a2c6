package dev.toygres.cli;

import dev.toygres.api.RestoreDrill;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres drill list}. */
@Command(
        name = "list",
        aliases = "ls",
        description = "List rehearsals of restores, with what they measured.")
final class DrillListCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance, also one that is gone.")
    private String id = "";

    @Mixin private final PageOptions paging = new PageOptions();

    DrillListCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var client = session.client();
        var page = paging.<RestoreDrill>read(query -> client.listRestoreDrills(id, query));
        var output = session.output();
        output.print(
                page,
                p -> {
                    var table =
                            new Table(
                                    "STARTED", "STATE", "BACKUP", "TOOK", "WOULD LOSE", "TROUBLE");
                    p.items()
                            .forEach(
                                    one ->
                                            table.row(
                                                    one.startedAt().truncatedTo(ChronoUnit.SECONDS),
                                                    one.state(),
                                                    one.backupId().orElse("-"),
                                                    seconds(one.restoreTime()),
                                                    seconds(one.dataAge()),
                                                    one.trouble().orElse("")));
                    table.print(output);
                });
    }

    private static String seconds(Optional<Duration> duration) {
        return duration.map(one -> "%.1f s".formatted(one.toMillis() / 1000.0)).orElse("-");
    }
}
