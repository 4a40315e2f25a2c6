package dev.toygres.cli;

import dev.toygres.api.BackupConfig;
import dev.toygres.api.BackupScheduleConfig;
import dev.toygres.api.RetentionPolicy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres backup schedule}. */
@Command(
        name = "schedule",
        description = {
            "Set the backups of an instance up; without a place: show how they are.",
            "The store is written to, read from and deleted from before anything is put in force."
        })
final class BackupScheduleCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Option(
            names = "--full",
            paramLabel = "CRON",
            defaultValue = "0 2 * * 0",
            description = "When to take full backups; default: ${DEFAULT-VALUE}, Sundays at two.")
    private String full = "";

    @Option(
            names = "--incremental",
            paramLabel = "CRON",
            defaultValue = "0 2 * * *",
            description =
                    "When to take incremental ones; default: ${DEFAULT-VALUE}, every night; none: not"
                            + " at all.")
    private String incremental = "";

    @Option(
            names = "--time-zone",
            paramLabel = "ZONE",
            description = "Of both, such as Europe/Berlin; default: UTC.")
    private @Nullable String timeZone;

    @Mixin private final StorageOptions storage = new StorageOptions();

    @Option(
            names = "--keep-days",
            paramLabel = "N",
            description = "Keep every backup and every point in time so long; default: 7.")
    private @Nullable Integer days;

    @Option(
            names = "--keep-weeks",
            paramLabel = "N",
            description = "Keep one of each of so many weeks; default: 4.")
    private @Nullable Integer weeks;

    @Option(
            names = "--keep-months",
            paramLabel = "N",
            description = "Keep one of each of so many months; default: 12.")
    private @Nullable Integer months;

    @Option(
            names = "--compression",
            paramLabel = "LEVEL",
            description = "None, Fast, Balanced (default) or Best.")
    private @Nullable String compression;

    @Mixin private final WaitOptions waiting = new WaitOptions();

    BackupScheduleCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        if (!storage.isGiven()) {
            var output = session.output();
            output.print(
                    session.client().getBackupSchedule(id),
                    schedule -> BackupPrinter.print(schedule, output));
            return;
        }
        waiting.print(
                session,
                waiting.client(session).putBackupSchedule(id, config()),
                "%1$s is backed up by schedule. Take the first one now: toygres backup create %1$s"
                        .formatted(id));
    }

    private BackupScheduleConfig config() {
        return new BackupScheduleConfig(
                full,
                Optional.of(incremental).filter(cron -> !cron.equals("none")),
                Optional.ofNullable(timeZone),
                new BackupConfig(
                        storage.storage(),
                        Optional.of(
                                new RetentionPolicy(
                                        Optional.ofNullable(days),
                                        Optional.ofNullable(weeks),
                                        Optional.ofNullable(months))),
                        storage.encryption(),
                        Optional.ofNullable(compression)));
    }
}
