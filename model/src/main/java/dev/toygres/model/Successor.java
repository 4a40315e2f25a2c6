package dev.toygres.model;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Who takes over (R3.40, S7, D5): only who streams and may be promoted; the freshest first, among
 * equals the higher priority, then the name.
 */
public final class Successor {

    /**
     * A replica that might.
     *
     * @param priority 0 to 100; 0 never
     * @param lagBytes what it has not received of what the primary is known to have written
     */
    public record Candidate(
            String id,
            ReplicaState state,
            boolean promotable,
            int priority,
            Optional<Long> lagBytes) {

        /** Why it may not take over; empty when it may. */
        public Optional<String> fault() {
            if (!promotable || priority == 0) {
                return Optional.of("is never to be promoted");
            }
            if (state != ReplicaState.Streaming && state != ReplicaState.Lagging) {
                return Optional.of("is " + state);
            }
            return lagBytes.isEmpty() ? Optional.of("has an unknown lag") : Optional.empty();
        }
    }

    private Successor() {}

    /** The best one within the bound, if there is one. */
    public static Optional<Candidate> choose(List<Candidate> replicas, long maxEligibleLagBytes) {
        return replicas.stream()
                .filter(replica -> replica.fault().isEmpty())
                .filter(replica -> replica.lagBytes().orElseThrow() <= maxEligibleLagBytes)
                .min(
                        Comparator.comparing(
                                        (Candidate replica) -> replica.lagBytes().orElseThrow())
                                .thenComparingInt(replica -> -replica.priority())
                                .thenComparing(Candidate::id));
    }
}
