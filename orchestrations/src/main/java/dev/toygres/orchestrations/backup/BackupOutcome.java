package dev.toygres.orchestrations.backup;

import java.util.Optional;

/** What a flow of backups ends with. */
public record BackupOutcome(String instanceId, Optional<String> backupId) {
    static BackupOutcome of(BackupInput input) {
        return new BackupOutcome(input.instanceId(), Optional.of(input.backupId()));
    }
}
