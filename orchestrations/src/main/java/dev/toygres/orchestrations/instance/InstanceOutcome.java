package dev.toygres.orchestrations.instance;

import java.util.List;
import java.util.Optional;

/**
 * What a flow of an instance ends with.
 *
 * @param interruptionMs how long the primary did not answer, where that is the point of the flow
 * @param leftBehind of a deletion: what is destroyed only when its host is back
 * @param brokenReplicas of a creation: those it was to have and has not; why stands with them
 */
public record InstanceOutcome(
        String instanceId,
        Optional<Long> interruptionMs,
        List<String> leftBehind,
        List<String> brokenReplicas) {
    static InstanceOutcome of(String instanceId) {
        return new InstanceOutcome(instanceId, Optional.empty(), List.of(), List.of());
    }

    static InstanceOutcome interrupted(String instanceId, long interruptionMs) {
        return new InstanceOutcome(instanceId, Optional.of(interruptionMs), List.of(), List.of());
    }

    static InstanceOutcome without(String instanceId, List<String> leftBehind) {
        return new InstanceOutcome(
                instanceId, Optional.empty(), List.copyOf(leftBehind), List.of());
    }

    static InstanceOutcome created(String instanceId, List<String> brokenReplicas) {
        return new InstanceOutcome(
                instanceId, Optional.empty(), List.of(), List.copyOf(brokenReplicas));
    }
}
