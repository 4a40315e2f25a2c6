package dev.toygres.cli;

import dev.toygres.api.BackupConfig;
import dev.toygres.api.BackupSchedule;
import dev.toygres.api.BackupScheduleConfig;
import dev.toygres.api.EncryptionConfig;
import dev.toygres.api.RetentionPolicy;
import dev.toygres.client.ToygresClient;
import dev.toygres.client.ToygresException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code toygres backup schedule}. REST puts the whole configuration; who types one option means
 * that one, and a retention that fell back to the default would delete backups.
 */
@Command(
        name = "schedule",
        description = {
            "Set the backups of an instance up, or change how; without options: show how they are.",
            "The first time a place is needed: --path, --bucket or --container. From then on what is"
                    + " not given stays as it is.",
            "The store is written to, read from and deleted from before anything is put in force."
        })
final class BackupScheduleCommand extends ApiCommand {
    private static final String SUNDAYS = "0 2 * * 0";
    private static final String EVERY_NIGHT = "0 2 * * *";

    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Option(
            names = "--full",
            paramLabel = "CRON",
            description = "When to take full backups; default: " + SUNDAYS + ", Sundays at two.")
    private @Nullable String full;

    @Option(
            names = "--incremental",
            paramLabel = "CRON",
            description =
                    "When to take incremental ones; default: "
                            + EVERY_NIGHT
                            + ", every night; none: not at all.")
    private @Nullable String incremental;

    @Option(
            names = "--time-zone",
            paramLabel = "ZONE",
            description = "Of both, such as Europe/Berlin; default: UTC.")
    private @Nullable String timeZone;

    @Mixin private final StorageOptions storage = new StorageOptions();

    @Option(
            names = "--keep-days",
            paramLabel = "N",
            description =
                    "Keep every backup and every point in time so long; default: 7; 0: only from the"
                            + " newest good backup on.")
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
        if (!changes()) {
            var output = session.output();
            output.print(
                    session.client().getBackupSchedule(id),
                    schedule -> BackupPrinter.print(schedule, output));
            return;
        }
        var now = current(session.client());
        waiting.print(
                session,
                waiting.client(session).putBackupSchedule(id, config(now)),
                now.isPresent()
                        ? "It is in force: toygres backup schedule " + id
                        : "%1$s is backed up by schedule. Take the first one now: toygres backup create %1$s"
                                .formatted(id));
    }

    private boolean changes() {
        return storage.isAnyGiven()
                || Stream.of(full, incremental, timeZone, days, weeks, months, compression)
                        .anyMatch(Objects::nonNull);
    }

    /** Absent: it is set up now, which needs a place. */
    private Optional<BackupSchedule> current(ToygresClient client) {
        try {
            return Optional.of(client.getBackupSchedule(id));
        } catch (ToygresException.NotFound none) {
            if (storage.namesAPlace()) {
                return Optional.empty();
            }
            throw none;
        }
    }

    private BackupScheduleConfig config(Optional<BackupSchedule> now) {
        return new BackupScheduleConfig(
                or(full, now.map(BackupSchedule::fullBackupCron)).orElse(SUNDAYS),
                incremental(now),
                or(timeZone, now.map(BackupSchedule::timeZone)),
                new BackupConfig(
                        storage.storage(now.map(one -> one.config().storage())),
                        Optional.of(
                                new RetentionPolicy(
                                        or(days, kept(now, RetentionPolicy::dailyRetentionDays)),
                                        or(weeks, kept(now, RetentionPolicy::weeklyRetentionWeeks)),
                                        or(
                                                months,
                                                kept(
                                                        now,
                                                        RetentionPolicy::monthlyRetentionMonths)))),
                        encryption(now),
                        or(compression, now.flatMap(one -> one.config().compression()))));
    }

    private Optional<String> incremental(Optional<BackupSchedule> now) {
        if (incremental == null && now.isPresent()) {
            return now.get().incrementalBackupCron();
        }
        return or(incremental, Optional.of(EVERY_NIGHT)).filter(cron -> !cron.equals("none"));
    }

    private Optional<EncryptionConfig> encryption(Optional<BackupSchedule> now) {
        return storage.isKeyGiven()
                ? storage.encryption()
                : now.flatMap(one -> one.config().encryption());
    }

    private static Optional<Integer> kept(
            Optional<BackupSchedule> now, Function<RetentionPolicy, Optional<Integer>> part) {
        return now.flatMap(one -> one.config().retention()).flatMap(part);
    }

    private static <T> Optional<T> or(@Nullable T given, Optional<T> now) {
        return Optional.ofNullable(given).or(() -> now);
    }
}
