package dev.toygres.api;

import java.util.Optional;

/**
 * PATCH /instances/{id}/replicas/{replicaId}: at least one of them; what is absent stays.
 *
 * @param promotable whether it may become primary
 * @param priority from 0 (never) to 100: of equally fresh candidates the highest becomes primary
 * @param maxLagBytes further behind than this it is Lagging
 * @param unboundedLag true: it has no maxLagBytes any more
 * @param replicationMode Async, or Sync: commits wait for it; only while it streams. In force
 *     within seconds
 */
public record UpdateReplicaRequest(
        Optional<Boolean> promotable,
        Optional<Integer> priority,
        Optional<Long> maxLagBytes,
        Optional<Boolean> unboundedLag,
        Optional<String> replicationMode) {}
