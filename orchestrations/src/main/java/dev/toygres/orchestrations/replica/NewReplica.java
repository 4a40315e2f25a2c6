package dev.toygres.orchestrations.replica;

import java.util.Optional;

/**
 * A wish for a replica, as it came in: nothing of it is checked yet. Absent values default to the
 * primary's size, any host, Async, no bound, promotable, priority 50.
 *
 * @param copy how it is made; matters only then
 */
public record NewReplica(
        String replicaId,
        Optional<String> size,
        Optional<String> region,
        Optional<String> availabilityZone,
        Optional<String> replicationMode,
        Optional<Long> maxLagBytes,
        Optional<Boolean> promotable,
        Optional<Integer> priority,
        Copy copy) {

    /** Copied as usual. */
    public NewReplica(
            String replicaId,
            Optional<String> size,
            Optional<String> region,
            Optional<String> availabilityZone,
            Optional<String> replicationMode,
            Optional<Long> maxLagBytes,
            Optional<Boolean> promotable,
            Optional<Integer> priority) {
        this(
                replicaId,
                size,
                region,
                availabilityZone,
                replicationMode,
                maxLagBytes,
                promotable,
                priority,
                Copy.USUAL);
    }
}
