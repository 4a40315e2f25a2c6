package dev.toygres.orchestrations.failover;

import java.time.Duration;
import java.util.Optional;

/**
 * A wish to move the primary, as it came in.
 *
 * @param targetReplicaId empty: the best one
 * @param waitForSync default true
 * @param syncTimeout default 5 minutes
 * @param oldPrimaryAction ConvertToReplica (default), StopAndRetain or Terminate
 * @param drainTimeout default 10 s
 */
public record FailoverWish(
        Optional<String> targetReplicaId,
        Optional<Boolean> waitForSync,
        Optional<Duration> syncTimeout,
        Optional<String> oldPrimaryAction,
        Optional<Duration> drainTimeout) {}
