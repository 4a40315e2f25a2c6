package dev.toygres.orchestrations.failover;

import java.util.List;
import java.util.stream.Stream;

/**
 * Who plays which part, decided once and journalled.
 *
 * @param term the one that is about to end
 * @param others replicas that follow the new primary
 * @param sync who gates the new primary's commits from its first one on (S7)
 */
record Cast(
        String instanceId,
        long term,
        Part oldPrimary,
        Part target,
        List<Part> others,
        SyncPlan sync) {

    /** A member with where it is. */
    record Part(String id, String host, String slot) {}

    /** The same, where the next term came to nothing and the one after it is opened. */
    Cast oneTermLater() {
        return new Cast(instanceId, nextTerm(), oldPrimary, target, others, sync);
    }

    /** These do not follow; whom commits wait for stays so. */
    Cast without(List<Part> some) {
        List<Part> left = others.stream().filter(one -> !some.contains(one)).toList();
        return new Cast(instanceId, term, oldPrimary, target, left, sync);
    }

    /** The target first. */
    Stream<Part> replicas() {
        return Stream.concat(Stream.of(target), others.stream());
    }

    /** Whether commits of the new primary wait for it. */
    boolean isGate(Part other) {
        return sync.names().contains(other.id());
    }

    Stream<Part> gates() {
        return others.stream().filter(this::isGate);
    }

    long nextTerm() {
        return term + 1;
    }
}
