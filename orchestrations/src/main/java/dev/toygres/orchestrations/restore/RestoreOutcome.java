package dev.toygres.orchestrations.restore;

import java.time.Instant;
import java.util.Optional;

/**
 * What a restore ends with.
 *
 * @param restoredTo the last commit that is in it
 */
public record RestoreOutcome(
        String instanceId, String backupId, Optional<Instant> restoredTo, String endLsn) {}
