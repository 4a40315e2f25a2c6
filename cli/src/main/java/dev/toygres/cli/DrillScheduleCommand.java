package dev.toygres.cli;

import dev.toygres.api.RestoreDrillSchedule;
import dev.toygres.api.RestoreDrillScheduleConfig;
import dev.toygres.client.ToygresClient;
import dev.toygres.client.ToygresException;
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
        description = {
            "Rehearse restores by themselves, or change when and how; without options: show it.",
            "The first time --cron is needed. From then on what is not given stays as it is."
        })
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
        if (cron == null && timeZone == null && !drill.isAnyGiven()) {
            output.print(client.getRestoreDrillSchedule(id), one -> print(one, output));
        } else if ("none".equals(cron)) {
            client.deleteRestoreDrillSchedule(id);
        } else {
            output.print(
                    client.putRestoreDrillSchedule(id, config(current(client))),
                    one -> print(one, output));
        }
    }

    /** Absent: it is set up now, which needs to know when. */
    private Optional<RestoreDrillSchedule> current(ToygresClient client) {
        try {
            return Optional.of(client.getRestoreDrillSchedule(id));
        } catch (ToygresException.NotFound none) {
            if (cron != null) {
                return Optional.empty();
            }
            throw none;
        }
    }

    private RestoreDrillScheduleConfig config(Optional<RestoreDrillSchedule> now) {
        return new RestoreDrillScheduleConfig(
                cron == null ? now.orElseThrow().cron() : cron,
                Optional.ofNullable(timeZone).or(() -> now.map(RestoreDrillSchedule::timeZone)),
                drill.queries().or(() -> now.map(RestoreDrillSchedule::queries)),
                drill.restoreTime().or(() -> now.flatMap(RestoreDrillSchedule::maxRestoreTime)),
                drill.dataAge().or(() -> now.flatMap(RestoreDrillSchedule::maxDataAge)));
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
