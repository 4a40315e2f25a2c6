package dev.toygres.orchestrations.replica;

import java.util.Optional;

/**
 * What the flows of a replica end with.
 *
 * @param leftBehind of a removal: what is destroyed only when its host is back
 */
public record ReplicaOutcome(String instanceId, String replicaId, Optional<String> leftBehind) {
    static ReplicaOutcome of(String instanceId, String replicaId) {
        return new ReplicaOutcome(instanceId, replicaId, Optional.empty());
    }
}
