package dev.toygres.orchestrations.failover;

import dev.toygres.model.OldPrimaryAction;
import dev.toygres.model.ReplicationMode;
import dev.toygres.model.SyncList;
import dev.toygres.model.SyncList.Standby;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.store.MemberRow;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who gates the new primary's commits from its first one on (S7, D8).
 *
 * <p>The old primary takes the target's place among the replicas, and its mode. When it may be away
 * for long, and the target was the last Sync one, it does not: another replica that is there
 * becomes Sync in its place, and the old primary has that one's mode when it is back. Else every
 * commit would wait for a dead host, or be on one host only.
 *
 * @param heir who has the target's mode from then on
 */
record SyncPlan(String heir, List<String> names) {

    static SyncPlan of(
            Topology topology,
            FailoverInput input,
            Observations seen,
            MemberRow target,
            List<MemberRow> others) {
        MemberRow old = topology.placedPrimary();
        MemberRow heir = heir(input, seen, old, target, others);
        Stream<Standby> back =
                input.oldPrimaryAction() == OldPrimaryAction.ConvertToReplica
                        ? Stream.of(standby(old, heir, target, false))
                        : Stream.of();
        Stream<Standby> there = others.stream().map(one -> standby(one, heir, target, true));
        return new SyncPlan(
                heir.id(),
                SyncList.of(topology.instance().durability(), Stream.concat(back, there).toList()));
    }

    private static MemberRow heir(
            FailoverInput input,
            Observations seen,
            MemberRow old,
            MemberRow target,
            List<MemberRow> others) {
        boolean last =
                target.mode() == ReplicationMode.Sync
                        && others.stream().noneMatch(one -> one.mode() == ReplicationMode.Sync);
        return others.stream()
                .filter(_ -> last && input.emergency().isPresent())
                .filter(seen::isReached)
                .min(Comparator.comparing(MemberRow::id))
                .orElse(old);
    }

    /** Who is Sync only from now on has yet to follow the new primary. */
    private static Standby standby(
            MemberRow one, MemberRow heir, MemberRow target, boolean streams) {
        boolean inherits = one.id().equals(heir.id());
        return new Standby(one.id(), inherits ? target.mode() : one.mode(), streams && !inherits);
    }
}
