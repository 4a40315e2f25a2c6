package dev.toygres.orchestrations.backup;

import dev.toygres.orchestrations.backup.ScheduleWish.StorageWish;
import java.util.Optional;

/**
 * A wish to take in what a store holds.
 *
 * @param instanceId under which the backups are listed
 */
public record ImportWish(String instanceId, StorageWish storage, Optional<String> encryptionRef) {}
