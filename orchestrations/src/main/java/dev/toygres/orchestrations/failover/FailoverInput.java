package dev.toygres.orchestrations.failover;

import dev.toygres.model.OldPrimaryAction;
import java.util.Optional;

/**
 * What a failover is to do; the desk has checked it.
 *
 * @param waitForSync first wait, with the primary untouched, until the target is nearly level
 * @param emergency the primary cannot be asked to come away; empty: it can
 */
public record FailoverInput(
        String instanceId,
        String targetReplicaId,
        boolean waitForSync,
        long syncTimeoutMs,
        long drainTimeoutMs,
        OldPrimaryAction oldPrimaryAction,
        Optional<Emergency> emergency) {
    /** Who asked. */
    String cause() {
        return emergency.map(Emergency::cause).orElse("manual");
    }
}
