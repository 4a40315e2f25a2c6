package dev.toygres.api;

import java.util.Optional;

/**
 * POST /instances/{id}/backups.
 *
 * @param label what to call it; at most 100 characters
 */
public record CreateBackupRequest(BackupType backupType, Optional<String> label) {}
