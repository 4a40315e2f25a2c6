package dev.toygres.api;

import java.util.Optional;

/**
 * POST /instances/{id}/failovers.
 *
 * @param targetReplicaId who shall become primary; default: the best one
 */
public record FailoverRequest(Optional<String> targetReplicaId, Optional<FailoverOptions> options) {

    /** To the best replica, everything as by default. */
    public static FailoverRequest usual() {
        return new FailoverRequest(Optional.empty(), Optional.empty());
    }

    /** To this replica, everything else as by default. */
    public static FailoverRequest to(String replicaId) {
        return new FailoverRequest(Optional.of(replicaId), Optional.empty());
    }
}
