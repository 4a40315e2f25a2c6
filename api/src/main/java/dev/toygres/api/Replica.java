package dev.toygres.api;

import java.util.Optional;

/**
 * A replica of an instance, never the primary.
 *
 * @param state Provisioning, Syncing, Streaming, Lagging, Broken, Promoting, Removing or Stopped
 * @param replicationLagMs age of what its queries see; 0 when it has replayed everything; absent
 *     when nobody knows
 * @param replicationLagBytes what the primary wrote and it has not received; absent when nobody
 *     knows
 * @param maxLagBytes further behind than this it is Lagging; absent: no bound
 * @param promotable whether it may become primary
 * @param priority from 0 (never) to 100: of equally fresh candidates the highest becomes primary
 * @param trouble what is wrong with it, in words
 */
public record Replica(
        String id,
        String state,
        String replicationMode,
        Optional<Long> replicationLagMs,
        Optional<Long> replicationLagBytes,
        Optional<Long> maxLagBytes,
        boolean promotable,
        int priority,
        String size,
        String host,
        String region,
        String availabilityZone,
        Optional<String> trouble) {}
