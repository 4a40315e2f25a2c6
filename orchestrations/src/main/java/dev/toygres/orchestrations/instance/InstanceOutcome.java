package dev.toygres.orchestrations.instance;

import java.util.List;
import java.util.Optional;

/**
 * What a flow of an instance ends with.
 *
 * @param interruptionMs how long the primary did not answer, where that is the point of the flow
 * @param leftBehind of a deletion: what is destroyed only when its host is back
 */
public record InstanceOutcome(
        String instanceId, Optional<Long> interruptionMs, List<String> leftBehind) {
    static InstanceOutcome of(String instanceId) {
        return new InstanceOutcome(instanceId, Optional.empty(), List.of());
    }

    static InstanceOutcome without(String instanceId, List<String> leftBehind) {
        return new InstanceOutcome(instanceId, Optional.empty(), List.copyOf(leftBehind));
    }
}
