package dev.toygres.orchestrations.host;

import dev.toygres.orchestrations.Topology;
import dev.toygres.store.MemberRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Members that could not be told whom to follow, because their hosts were away: each is attached
 * again once its host answers, and again after a while where that fails. Longer from time to time:
 * an attempt holds the lane, and nothing fails over meanwhile.
 */
final class LeftBehind {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final int MOST_DOUBLINGS = 5;

    private final Observations seen;
    private final Map<String, Tried> tried = new ConcurrentHashMap<>();

    private record Tried(int times, Instant last) {
        Instant next() {
            return last.plus(FIRST.multipliedBy(1L << Math.min(times - 1, MOST_DOUBLINGS)));
        }
    }

    LeftBehind(Observations seen) {
        this.seen = seen;
    }

    /** Whose turn it is. */
    Optional<MemberRow> due(Topology topology, Instant now) {
        topology.members()
                .filter(one -> one.stage() == MemberRow.Stage.Ready)
                .map(MemberRow::id)
                .forEach(tried::remove);
        return topology.replicas().stream()
                .filter(one -> one.stage() == MemberRow.Stage.Detached)
                .filter(one -> seen.of(one).isPresent())
                .filter(one -> isDue(one, now))
                .findFirst();
    }

    private boolean isDue(MemberRow member, Instant now) {
        return Optional.ofNullable(tried.get(member.id()))
                .filter(before -> before.next().isAfter(now))
                .isEmpty();
    }

    void tries(MemberRow member, Instant now) {
        tried.merge(
                member.id(), new Tried(1, now), (before, _) -> new Tried(before.times() + 1, now));
    }
}
