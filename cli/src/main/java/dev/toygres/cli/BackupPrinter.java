package dev.toygres.cli;

import dev.toygres.api.Backup;
import dev.toygres.api.BackupSchedule;
import dev.toygres.api.BackupStorage;
import dev.toygres.api.RestoreWindow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Backups as text. */
final class BackupPrinter {
    private BackupPrinter() {}

    static void print(List<Backup> backups, Output output) {
        var table =
                new Table(
                        "BACKUP",
                        "KIND",
                        "STATE",
                        "COMPLETED",
                        "SIZE",
                        "STORED",
                        "FROM",
                        "LABEL",
                        "OF",
                        "TROUBLE");
        for (var backup : backups) {
            table.row(
                    backup.id() + (backup.pinned() ? " (pinned)" : ""),
                    backup.backupType().kind(),
                    state(backup),
                    backup.completedAt().map(Instant::toString).orElse(""),
                    bytes(backup.sizeBytes()),
                    bytes(backup.storedBytes()),
                    backup.sourceMember().orElse(""),
                    backup.label().orElse(""),
                    former(backup).orElse(""),
                    backup.trouble().orElse(""));
        }
        table.print(output);
    }

    /** Nothing of one that is there. */
    private static Optional<String> former(Backup backup) {
        return backup.formerInstance()
                .map(
                        gone ->
                                "a former %s%s"
                                        .formatted(
                                                backup.instanceId(),
                                                gone.deletedAt()
                                                        .map(at -> ", deleted at " + at)
                                                        .orElse("")));
    }

    private static String state(Backup backup) {
        return backup.state().equals("Available") && backup.verifiedAt().isEmpty()
                ? "Available, not verified"
                : backup.state();
    }

    static void print(Backup backup, Output output) {
        var facts =
                Table.facts()
                        .row("Id", backup.id())
                        .row("Instance", former(backup).orElse(backup.instanceId()))
                        .row("Kind", backup.backupType().kind())
                        .row("State", state(backup))
                        .row("Label", backup.label().orElse(""))
                        .row("Cause", backup.cause())
                        .row("Based on", backup.basedOn().orElse(""))
                        .row("Taken from", backup.sourceMember().orElse(""))
                        .row("Started", backup.startedAt())
                        .row("Completed", text(backup.completedAt()))
                        .row("Verified", text(backup.verifiedAt()))
                        .row("Timeline", text(backup.timeline()))
                        .row("From position", text(backup.startLsn()))
                        .row("Consistent at", text(backup.stopLsn()))
                        .row("Size", bytes(backup.sizeBytes()))
                        .row("Stored", bytes(backup.storedBytes()))
                        .row("Pinned", backup.pinned() ? "yes" : "no");
        backup.backupType()
                .databases()
                .ifPresent(names -> facts.row("Databases", String.join(", ", names)));
        backup.trouble().ifPresent(trouble -> facts.row("Trouble", trouble));
        facts.print(output);
    }

    static void print(BackupSchedule schedule, Output output) {
        var config = schedule.config();
        var retention = config.retention().orElseThrow();
        Table.facts()
                .row("Full", schedule.fullBackupCron())
                .row("Incremental", schedule.incrementalBackupCron().orElse(""))
                .row("Time zone", schedule.timeZone())
                .row("Next", schedule.paused() ? "paused" : text(schedule.nextBackupAt()))
                .row("Last good", schedule.lastGoodBackup().orElse("none yet"))
                .row("of", text(schedule.lastGoodBackupAt()))
                .row("To", place(config.storage()))
                .row("Kept daily", text(retention.dailyRetentionDays()) + " days")
                .row("Kept weekly", text(retention.weeklyRetentionWeeks()) + " weeks")
                .row("Kept monthly", text(retention.monthlyRetentionMonths()) + " months")
                .row("Key", config.encryption().map(one -> one.keyRef()).orElse("not encrypted"))
                .row("Compression", config.compression().orElse(""))
                .print(output);
    }

    static void print(RestoreWindow window, Output output) {
        if (window.earliest().isEmpty()) {
            output.line("Nothing can be restored to a point in time yet.");
        } else {
            Table.facts()
                    .row("Earliest", text(window.earliest()))
                    .row("Latest", text(window.latest()))
                    .print(output);
        }
        window.gaps()
                .forEach(
                        gap ->
                                output.line(
                                        "Not between %s and %s".formatted(gap.from(), gap.to())));
        if (!window.standalone().isEmpty()) {
            output.line("As they are: " + String.join(", ", window.standalone()));
        }
    }

    private static String place(BackupStorage storage) {
        var below = storage.prefix().map(prefix -> "/" + prefix).orElse("");
        return switch (storage.kind()) {
            case "S3" ->
                    "s3://%s%s at %s"
                            .formatted(
                                    storage.bucket().orElse(""),
                                    below,
                                    storage.endpoint().orElse("AWS"));
            case "AzureBlob" -> "azure://" + storage.container().orElse("") + below;
            case String _ -> storage.path().orElse("");
        };
    }

    private static String text(Optional<?> value) {
        return value.map(String::valueOf).orElse("");
    }

    private static String bytes(Optional<Long> count) {
        return count.map(Output::bytes).orElse("");
    }
}
