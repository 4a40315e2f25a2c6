package dev.toygres.api;

import java.util.Optional;

/**
 * PUT /instances/{id}/backup-schedule. Storage is written to, read from and deleted from before any
 * of it is put in force.
 *
 * @param fullBackupCron five fields: minute, hour, day of month, month, day of week
 * @param incrementalBackupCron likewise; where both are due the full one runs alone; default: none
 * @param timeZone of both, and of the days of the retention; default: UTC
 */
public record BackupScheduleConfig(
        String fullBackupCron,
        Optional<String> incrementalBackupCron,
        Optional<String> timeZone,
        BackupConfig config) {}
