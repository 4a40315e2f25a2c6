package dev.toygres.orchestrations.failover;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A replica that could be forced to take over.
 *
 * @param bytesAtRisk what it lacks of what anybody has seen of the old primary; empty: not known
 * @param fault what else speaks against it
 */
public record Choice(String id, Optional<Long> bytesAtRisk, Optional<String> fault) {

    static Optional<Choice> of(List<Choice> all, String id) {
        return all.stream().filter(one -> one.id().equals(id)).findFirst();
    }

    /** Whom an answer without a candidate means. */
    static Optional<Choice> best(List<Choice> all) {
        return all.stream()
                .min(
                        Comparator.comparing((Choice one) -> one.fault().isPresent())
                                .thenComparing(one -> one.bytesAtRisk().orElse(Long.MAX_VALUE))
                                .thenComparing(Choice::id));
    }
}
