package dev.toygres.orchestrations.failover;

import java.util.List;
import java.util.Optional;

/**
 * Nobody commits any more, and this is what the replicas have.
 *
 * @param proof how that is known (S5)
 * @param diskReadable whether the primary's agent can be asked for what it wrote (S8)
 */
record Seized(String proof, boolean diskReadable, boolean held, List<Reported> replicas) {

    /** A replica that listens to nobody any more (S7). */
    record Reported(String id, String received, String replayed, int timeline) {}

    Optional<Reported> of(String memberId) {
        return replicas.stream().filter(one -> one.id().equals(memberId)).findFirst();
    }
}
