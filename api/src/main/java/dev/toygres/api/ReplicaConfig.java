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
 * @param copyFrom the member that it is copied from, to spare the primary; default: the primary
 * @param copyBytesPerSecond at most so fast, from 32768 to 1073741824; default: as fast as it goes
 */
public record ReplicaConfig(
        Optional<String> size,
        Optional<String> region,
        Optional<String> availabilityZone,
        Optional<String> replicationMode,
        Optional<Long> maxLagBytes,
        Optional<Boolean> promotable,
        Optional<Integer> priority,
        Optional<String> copyFrom,
        Optional<Long> copyBytesPerSecond) {

    /** Copied from the primary, as fast as it goes. */
    public ReplicaConfig(
            Optional<String> size,
            Optional<String> region,
            Optional<String> availabilityZone,
            Optional<String> replicationMode,
            Optional<Long> maxLagBytes,
            Optional<Boolean> promotable,
            Optional<Integer> priority) {
        this(
                size,
                region,
                availabilityZone,
                replicationMode,
                maxLagBytes,
                promotable,
                priority,
                Optional.empty(),
                Optional.empty());
    }

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
