package dev.toygres.cli;

import dev.toygres.api.RestoreDrillSchedule;
import dev.toygres.api.RestoreDrillScheduleConfig;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres drill schedule}. */
@Command(
        name = "schedule",
        description = "Rehearse restores by themselves; without --cron: show when.")
final class DrillScheduleCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Option(
            names = "--cron",
            paramLabel = "CRON",
            description = "Five fields, such as \"0 4 * * 6\"; none: not by itself any more.")
    private @Nullable String cron;

    @Option(names = "--time-zone", paramLabel = "ZONE", description = "Default: UTC.")
    private @Nullable String timeZone;

    @Mixin private final DrillOptions drill = new DrillOptions();

    DrillScheduleCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var client = session.client();
        var output = session.output();
        if (cron == null) {
            output.print(client.getRestoreDrillSchedule(id), one -> print(one, output));
        } else if (cron.equals("none")) {
            client.deleteRestoreDrillSchedule(id);
        } else {
            var config =
                    new RestoreDrillScheduleConfig(
                            cron,
                            Optional.ofNullable(timeZone),
                            drill.queries(),
                            drill.restoreTime(),
                            drill.dataAge());
            output.print(client.putRestoreDrillSchedule(id, config), one -> print(one, output));
        }
    }

    private static void print(RestoreDrillSchedule schedule, Output output) {
        Table.facts()
                .row("Due", schedule.cron() + " " + schedule.timeZone())
                .row("Next", schedule.nextDrillAt().map(Object::toString).orElse("never"))
                .row("Queries", schedule.queries().size())
                .row("Longest", text(schedule.maxRestoreTime()))
                .row("May lose", text(schedule.maxDataAge()))
                .print(output);
    }

    private static String text(Optional<Duration> goal) {
        return goal.map(Durations::text).orElse("no goal");
    }
}
