package dev.toygres.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A change of parameters: one that was, that is being made, or that waits for its time.
 *
 * @param id that of its operation
 * @param state Scheduled, Applying, Applied, Pending (a restart will bring it), Failed or Cancelled
 * @param cause create, restore, set, profile, revert or drift
 * @param who asked for it
 * @param parameters that were asked for
 * @param reset names that were to go back to their default
 * @param profile that was asked for
 * @param before all that was agreed before it
 * @param after all that is agreed after it
 * @param failure why it failed or was withdrawn
 */
public record ParameterChange(
        String id,
        String instanceId,
        String state,
        ApplyMode applyMode,
        String cause,
        String who,
        Optional<String> reason,
        Map<String, String> parameters,
        List<String> reset,
        Optional<String> profile,
        Optional<Map<String, String>> before,
        Optional<Map<String, String>> after,
        Instant createdAt,
        Optional<Instant> completedAt,
        Optional<Long> interruptionMs,
        Optional<String> failure) {}
