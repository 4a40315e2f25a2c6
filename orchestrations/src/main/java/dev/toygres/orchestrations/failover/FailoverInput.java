package dev.toygres.orchestrations.failover;

import dev.toygres.model.OldPrimaryAction;

/**
 * What a failover is to do; the desk has checked it.
 *
 * @param waitForSync first wait, with the primary untouched, until the target is nearly level
 */
public record FailoverInput(
        String instanceId,
        String targetReplicaId,
        boolean waitForSync,
        long syncTimeoutMs,
        long drainTimeoutMs,
        OldPrimaryAction oldPrimaryAction) {}
