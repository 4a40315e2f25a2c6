package dev.toygres.api;

import java.time.Instant;
import java.util.Optional;

/**
 * How the backups of an instance are set up, and how they go.
 *
 * @param nextBackupAt absent while it is paused
 * @param lastGoodBackup the newest that can be relied on and rolled forward: no logical one
 * @param lastOperation the last scheduled run
 */
public record BackupSchedule(
        String instanceId,
        String fullBackupCron,
        Optional<String> incrementalBackupCron,
        String timeZone,
        BackupConfig config,
        boolean paused,
        Optional<Instant> nextBackupAt,
        Optional<String> lastGoodBackup,
        Optional<Instant> lastGoodBackupAt,
        Optional<String> lastOperation) {}
