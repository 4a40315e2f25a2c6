package dev.toygres.orchestrations.failover;

import dev.toygres.durable.StepFailed;
import java.util.List;
import java.util.Optional;

/**
 * What is to be decided when the target does not answer any more after it may have been told to
 * promote.
 *
 * @param silent the target: once it is back, it is told again
 * @param oldPrimary stopped and marked; it has everything that was acknowledged, up to {@code
 *     endOfWal}
 * @param term the open one, which is the target's
 */
record TargetLost(
        String target,
        String targetHost,
        List<String> silent,
        String error,
        String oldPrimary,
        String endOfWal,
        long term,
        List<String> actions,
        String meaning) {

    static TargetLost question(Cast cast, String endOfWal, StepFailed away) {
        return new TargetLost(
                cast.target().id(),
                cast.target().host(),
                List.of(cast.target().id()),
                String.valueOf(away.getMessage()),
                cast.oldPrimary().id(),
                endOfWal,
                cast.nextTerm(),
                List.of("retry", "abandon", "give-back"),
                "retry: the target will come back. abandon: the operation fails, nobody serves, and it"
                        + " can be retried later. give-back, with acceptSplitBrain: the old primary"
                        + " serves again, with all that it acknowledged; should the target be primary"
                        + " already, then what it has acknowledged is given up, and whoever knows its"
                        + " own address can write to it until its host is back and it is stopped");
    }

    /** Whatever else is answered asks again after another try. */
    record Answer(String action, Optional<Boolean> acceptSplitBrain) {
        boolean isAbandon() {
            return action.equals("abandon");
        }

        /** S5: without a proof only with the word of whoever answers for it. */
        boolean isGiveBack() {
            return action.equals("give-back") && acceptSplitBrain.orElse(false);
        }
    }
}
