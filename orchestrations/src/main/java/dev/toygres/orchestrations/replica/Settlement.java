package dev.toygres.orchestrations.replica;

import dev.toygres.model.Bound;
import dev.toygres.model.ReplicaState;
import dev.toygres.model.SyncList;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.store.MemberRow;
import java.util.List;

/**
 * What ought to lean on the replicas, as they are now.
 *
 * @param syncNames who gates commits
 * @param readers who serves reads
 */
public record Settlement(
        String instanceId,
        long term,
        String primaryId,
        String primaryHost,
        List<String> syncNames,
        List<String> readers,
        boolean syncChanges,
        boolean readersChange) {

    /** Decided on the catalogue and on what was last seen. */
    public static Settlement of(Topology topology, Observations seen) {
        MemberRow primary = topology.placedPrimary();
        List<MemberRow> ready = topology.readyReplicas();
        List<String> sync =
                SyncList.of(
                        topology.instance().durability(),
                        topology.standbys().stream()
                                .map(one -> standby(primary, one, seen))
                                .toList());
        List<String> readers =
                ready.stream()
                        .filter(one -> serves(topology, primary, one, seen))
                        .map(MemberRow::id)
                        .sorted()
                        .toList();
        return new Settlement(
                topology.instance().id(),
                topology.instance().term(),
                primary.id(),
                primary.hostId(),
                sync,
                readers,
                !sync.equals(topology.instance().syncNames()) || topology.instance().syncUnsure(),
                (!readers.equals(topology.instance().readers())
                                || fallsBackOtherwise(topology, seen))
                        && isHeard(topology, seen));
    }

    /** One that hovers around its bound does not come and go with every look (R1.11). */
    private static boolean serves(
            Topology topology, MemberRow primary, MemberRow one, Observations seen) {
        boolean serving = topology.instance().readers().contains(one.id());
        boolean tooFar =
                one.maxLagBytes()
                        .flatMap(
                                most ->
                                        seen.lagBytes(primary, one)
                                                .map(lag -> Bound.isExceeded(lag, most, !serving)))
                        .orElse(false);
        return !tooFar && seen.verdict(primary, one).state() == ReplicaState.Streaming;
    }

    /** Whether the primary serves reads when nobody else does has been changed since. */
    private static boolean fallsBackOtherwise(Topology topology, Observations seen) {
        return topology.instance()
                .endpoint()
                .flatMap(open -> seen.endpoint(open.hostId(), topology.instance().id()))
                .filter(open -> open.readersOnly() == topology.instance().readOnlyFallback())
                .isPresent();
    }

    /** Who serves the addresses elsewhere, if their host is dead, takes the readers along. */
    private static boolean isHeard(Topology topology, Observations seen) {
        return topology.instance()
                .endpoint()
                .filter(open -> !seen.reached(open.hostId()))
                .isEmpty();
    }

    private static SyncList.Standby standby(MemberRow primary, MemberRow one, Observations seen) {
        boolean streams =
                switch (seen.verdict(primary, one).state()) {
                    case Streaming, Lagging -> true;
                    case Provisioning, Syncing, Broken, Promoting, Removing, Stopped -> false;
                };
        return new SyncList.Standby(one.id(), one.mode(), streams);
    }

    /** Whether there is anything to settle. */
    public boolean isDue() {
        return syncChanges || readersChange;
    }
}
