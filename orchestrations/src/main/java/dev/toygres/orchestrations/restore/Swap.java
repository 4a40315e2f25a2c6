package dev.toygres.orchestrations.restore;

import dev.toygres.orchestrations.instance.Primary;
import java.util.List;

/**
 * An instance whose primary's data is being replaced.
 *
 * @param term before; {@code nextTerm} is open until the new data serves
 * @param replicas to be copied anew
 */
record Swap(String instanceId, long term, String memberId, String hostId, List<Replica> replicas) {
    /** A replica. */
    record Replica(String id, String hostId) {}

    long nextTerm() {
        return term + 1;
    }

    Primary primary() {
        return new Primary(instanceId, memberId, hostId, nextTerm());
    }
}
