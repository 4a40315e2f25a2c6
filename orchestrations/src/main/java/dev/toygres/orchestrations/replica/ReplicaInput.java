package dev.toygres.orchestrations.replica;

import java.util.Optional;

/**
 * What the flows of a replica are given: all else stands in the catalogue.
 *
 * @param copy absent: as usual
 */
public record ReplicaInput(String instanceId, String replicaId, Optional<Copy> copy) {

    public ReplicaInput(String instanceId, String replicaId) {
        this(instanceId, replicaId, Optional.empty());
    }
}
