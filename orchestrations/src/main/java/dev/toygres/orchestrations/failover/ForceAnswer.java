package dev.toygres.orchestrations.failover;

import java.util.List;
import java.util.Optional;

/**
 * What somebody said who was asked to force a failover (S5, D7): the words of the contract of
 * {@code :decide}.
 */
record ForceAnswer(
        String action,
        Optional<String> candidate,
        Optional<Long> acceptDataLossBytes,
        Optional<Boolean> acceptSplitBrain) {

    boolean isAbandon() {
        return action.equals("abandon");
    }

    boolean isRetry() {
        return action.equals("retry");
    }

    boolean isForce() {
        return action.equals("force");
    }

    /** Whom it means; empty when there is no such candidate. */
    Optional<Choice> choice(List<Choice> all) {
        return candidate.map(id -> Choice.of(all, id)).orElseGet(() -> Choice.best(all));
    }

    /**
     * What an answer lacks to be obeyed; empty when it says everything that it must.
     *
     * @param proven whether the old primary is fenced for certain
     */
    Optional<String> lacks(List<Choice> all, boolean proven) {
        if (!isForce()) {
            return Optional.of("action must be force, or abandon; it was " + action);
        }
        Optional<Choice> choice = choice(all);
        if (choice.isEmpty()) {
            return Optional.of(
                    "candidate must be one of %s"
                            .formatted(all.stream().map(Choice::id).sorted().toList()));
        }
        if (!proven && !acceptSplitBrain.orElse(false)) {
            return Optional.of(
                    "acceptSplitBrain must be true: nothing proves that the old primary cannot"
                            + " commit any more");
        }
        long risk = choice.get().bytesAtRisk().orElse(Long.MAX_VALUE);
        return acceptDataLossBytes.filter(accepted -> accepted >= risk).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "acceptDataLossBytes must be at least %s for %s"
                                .formatted(
                                        choice.get()
                                                .bytesAtRisk()
                                                .map(String::valueOf)
                                                .orElse(Long.MAX_VALUE + " (it is not known)"),
                                        choice.get().id()));
    }
}
