package dev.toygres.api;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Long work, as seen from outside.
 *
 * @param type CreateInstance, StopInstance, StartInstance, RestartInstance, DeleteInstance, ...
 * @param progress from 0 to 1
 * @param error why it failed, in words
 * @param result ids of what it made, such as {instanceId}
 * @param question what has to be decided, when the state is NeedsDecision
 */
public record Operation(
        String id,
        String type,
        Optional<String> instanceId,
        OperationState state,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> completedAt,
        double progress,
        Optional<String> currentStep,
        Optional<String> message,
        Optional<String> error,
        Map<String, Object> result,
        Map<String, Object> question,
        boolean cancellable) {}
