package dev.toygres.orchestrations.replica;

import java.util.Optional;

/**
 * What is to be changed of a replica while it runs; absent values stay.
 *
 * @param unboundedLag whether its bound goes
 * @param mode Async or Sync
 */
public record ReplicaChange(
        Optional<Boolean> promotable,
        Optional<Integer> priority,
        Optional<Long> maxLagBytes,
        boolean unboundedLag,
        Optional<String> mode) {}
