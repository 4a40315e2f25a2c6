package dev.toygres.api;

import java.util.Optional;

/**
 * POST /backups:import. Takes in what a store holds, where the catalogue knows nothing of it.
 *
 * @param instanceId under which its backups are listed
 */
public record ImportBackupsRequest(
        String instanceId, BackupStorage storage, Optional<EncryptionConfig> encryption) {}
