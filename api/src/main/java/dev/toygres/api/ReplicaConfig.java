package dev.toygres.api;

import java.util.Optional;

/**
 * What a replica shall be like. All of it has defaults.
 *
 * @param size nano, micro, small, medium, large or xlarge; default: the primary's
 * @param region where its host must be; default: anywhere
 * @param availabilityZone likewise
 * @param replicationMode Async (default), or Sync: commits on the primary wait for it
 * @param maxLagBytes further behind than this it is Lagging, and the read-only endpoint leaves it
 *     out; default: no bound
 * @param promotable whether it may become primary; default: true
 * @param priority from 0 (never) to 100, default 50: of equally fresh candidates the highest
 *     becomes primary
 */
public record ReplicaConfig(
        Optional<String> size,
        Optional<String> region,
        Optional<String> availabilityZone,
        Optional<String> replicationMode,
        Optional<Long> maxLagBytes,
        Optional<Boolean> promotable,
        Optional<Integer> priority) {

    /** Everything as by default. */
    public static ReplicaConfig usual() {
        return new ReplicaConfig(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
