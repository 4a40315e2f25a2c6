package dev.toygres.orchestrations.instance;

import java.util.Optional;

/**
 * What a flow of an instance ends with.
 *
 * @param interruptionMs how long the primary did not answer, where that is the point of the flow
 */
public record InstanceOutcome(String instanceId, Optional<Long> interruptionMs) {
    static InstanceOutcome of(String instanceId) {
        return new InstanceOutcome(instanceId, Optional.empty());
    }
}
