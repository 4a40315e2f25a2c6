package dev.toygres.model.health;

import dev.toygres.model.Lsn;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who takes over, once the replicas have stopped listening and have said what they have (S7).
 *
 * <p>What always holds: a commit that was acknowledged by a replica is on the one that wins. Any
 * one member of a sync list acknowledges (W = 1), so the winner is safe only if every member of
 * every list that may have been in force has reported (R + W &gt; N); or if all that the primary
 * wrote is added to the winner from the primary's own disk (S8).
 */
public final class Election {

    /**
     * A replica that listens to nobody any more.
     *
     * @param received what it has on disk
     */
    public record Parted(String id, boolean promotable, int priority, Lsn received) {}

    /** How it came out. */
    public sealed interface Outcome {
        /**
         * @param complete whether it surely has all that was acknowledged by a sync replica
         */
        record Elected(String id, boolean complete) implements Outcome {}

        record Nobody(String why) implements Outcome {}
    }

    private Election() {}

    /**
     * @param lists the union of all sync lists that may have been in force; empty: commits waited
     *     for nobody
     */
    public static Outcome of(List<Parted> parted, Collection<String> lists) {
        Optional<Parted> best =
                parted.stream()
                        .filter(one -> one.promotable() && one.priority() > 0)
                        .max(
                                Comparator.comparing(Parted::received)
                                        .thenComparingInt(Parted::priority)
                                        .thenComparing(Parted::id, Comparator.reverseOrder()));
        if (best.isEmpty()) {
            return new Outcome.Nobody("no replica that may be promoted answered");
        }
        Set<String> silent = new TreeSet<>(lists);
        parted.forEach(one -> silent.remove(one.id()));
        boolean ahead =
                parted.stream()
                        .filter(one -> lists.contains(one.id()))
                        .allMatch(one -> one.received().compareTo(best.get().received()) <= 0);
        return new Outcome.Elected(best.get().id(), !lists.isEmpty() && silent.isEmpty() && ahead);
    }
}
