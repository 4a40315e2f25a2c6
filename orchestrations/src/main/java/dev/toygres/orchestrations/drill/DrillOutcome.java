package dev.toygres.orchestrations.drill;

import java.util.Optional;

/**
 * What a drill ends with.
 *
 * @param dataAgeMs what would have been missing, had the source been lost when it was asked for
 */
public record DrillOutcome(
        String instanceId, String backupId, long restoreMs, Optional<Long> dataAgeMs) {}
