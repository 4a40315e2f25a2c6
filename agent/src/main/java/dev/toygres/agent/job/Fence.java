package dev.toygres.agent.job;

import dev.toygres.model.Lane;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The highest term and tokens that were ever seen for a subject. It outlives the subject: a
 * destroyed member does not come back by an order that was given before it was destroyed.
 *
 * @param destroyedBy token of the order that destroyed the subject; 0 for none
 */
record Fence(String subject, long term, Map<Lane, Long> tokens, long destroyedBy) {
    Fence {
        tokens = Map.copyOf(tokens);
    }

    static Fence none(String subject) {
        return new Fence(subject, 0, Map.of(), 0);
    }

    /** Why an order may not be carried out; empty when it may. */
    Optional<String> objection(
            Lane lane, long token, Optional<Long> orderTerm, boolean creates, boolean rebuilds) {
        var highest = tokens.getOrDefault(lane, 0L);
        if (token < highest) {
            return Optional.of(
                    "token %d is older than %d, the newest seen for %s in lane %s"
                            .formatted(token, highest, subject, lane));
        }
        if (orderTerm.isPresent() && orderTerm.get() < term) {
            return Optional.of(
                    "term %d is older than %d, the newest seen for %s"
                            .formatted(orderTerm.get(), term, subject));
        }
        if (creates && (rebuilds ? token < destroyedBy : token <= destroyedBy)) {
            return Optional.of(
                    "%s was destroyed by the order with token %d".formatted(subject, destroyedBy));
        }
        return Optional.empty();
    }

    long highestToken() {
        return tokens.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    Fence raised(Lane lane, long token, Optional<Long> orderTerm) {
        var raised = new EnumMap<Lane, Long>(Lane.class);
        raised.putAll(tokens);
        raised.merge(lane, token, Math::max);
        return new Fence(subject, Math.max(term, orderTerm.orElse(0L)), raised, destroyedBy);
    }

    /**
     * Its terms end with it: who is made under the same name later begins with the first again.
     * Whatever a run ordered before is older than this token.
     */
    Fence destroyed(long token) {
        var raised = new EnumMap<Lane, Long>(Lane.class);
        raised.putAll(tokens);
        raised.merge(Lane.topology, token, Math::max);
        raised.merge(Lane.backup, token, Math::max);
        return new Fence(subject, 0, raised, Math.max(destroyedBy, token));
    }
}
