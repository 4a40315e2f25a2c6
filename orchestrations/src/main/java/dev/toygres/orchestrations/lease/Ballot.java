package dev.toygres.orchestrations.lease;

import dev.toygres.model.IsolationPolicy;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.store.MemberRow;
import java.util.List;

/**
 * A list of electors on its way to a primary (S4).
 *
 * @param version 0 when there is nothing to do
 */
public record Ballot(
        String instanceId,
        long term,
        String primaryId,
        String primaryHost,
        long version,
        long ttlMs,
        List<Vote> votes) {

    /** An elector, and where its agent listens. */
    public record Vote(String memberId, String hostId, String agentHost, int agentPort) {}

    static Ballot none(String instanceId) {
        return new Ballot(instanceId, 0, "", "", 0, 0, List.of());
    }

    boolean isDue() {
        return version > 0;
    }

    /**
     * Who ought to vote: promotable replicas on other hosts whose agents answer. One on the host of
     * its primary is lost together with it, and one whose agent is away could not vouch. With the
     * policy Serve nobody votes: then nothing is ever promoted on an expiry.
     */
    static List<String> wanted(Topology topology, Observations seen) {
        if (topology.instance().voting().policy() == IsolationPolicy.Serve
                || topology.primary().isEmpty()) {
            return List.of();
        }
        String primaryHost = topology.placedPrimary().hostId();
        return topology.readyReplicas().stream()
                .filter(one -> one.promotable() && one.priority() > 0)
                .filter(one -> !one.hostId().equals(primaryHost) && seen.reached(one.hostId()))
                .map(MemberRow::id)
                .sorted()
                .toList();
    }

    /**
     * Whether the electorate does not fit the replicas as they are now.
     *
     * @param ttlMs what a lease ought to live
     */
    public static boolean isDue(Topology topology, Observations seen, long ttlMs) {
        return isDue(topology, wanted(topology, seen), ttlMs);
    }

    static boolean isDue(Topology topology, List<String> wanted, long ttlMs) {
        var voting = topology.instance().voting();
        boolean otherTtl = !wanted.isEmpty() && voting.ttlMs() != ttlMs;
        return topology.instance().candidate().isEmpty()
                && (!voting.electorate().stream().sorted().toList().equals(wanted) || otherTtl);
    }
}
