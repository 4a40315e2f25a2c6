package dev.toygres.orchestrations.failover;

import dev.toygres.model.Lsn;
import java.util.List;
import java.util.Optional;

/**
 * Nobody commits any more, and this is what the replicas have.
 *
 * @param proof how that is known (S5); empty while its lease has yet to run out
 * @param prepared who may take over: where only its lease ends it, electors that have durably
 *     ceased to vouch for it; else all
 * @param diskReadable whether the primary's agent can be asked for what it wrote (S8)
 */
record Seized(
        String proof,
        boolean diskReadable,
        boolean held,
        List<Reported> replicas,
        List<String> prepared) {

    /** A replica that listens to nobody any more (S7). */
    record Reported(String id, String received, String replayed, int timeline) {}

    /** S4: where only its lease ends the old primary, whoever has ceased to vouch for it. */
    boolean mayPromote(String memberId) {
        return prepared.contains(memberId);
    }

    /** Whether it has replayed what is beyond that position. */
    boolean isBeyond(String memberId, String position) {
        return of(memberId)
                .filter(one -> Lsn.parse(one.replayed()).compareTo(Lsn.parse(position)) > 0)
                .isPresent();
    }

    Optional<Reported> of(String memberId) {
        return replicas.stream().filter(one -> one.id().equals(memberId)).findFirst();
    }
}
