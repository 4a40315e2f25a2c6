package dev.toygres.orchestrations.failover;

import java.util.List;
import java.util.Optional;

/**
 * What a failover would do, without doing it.
 *
 * @param target who would become primary; empty when nobody can
 * @param possible whether it would be accepted now
 * @param reasons why not, or what to know beforehand, in words
 * @param bytesAtRisk what the target has not received just now (nothing of it is lost in a planned
 *     failover that waits for it)
 * @param expectedInterruptionMs the middle of the last planned ones on this instance; empty when
 *     there were none
 * @param cut whom it would cut off; empty where the primary was not asked, or does not answer
 */
public record FailoverPlan(
        String instanceId,
        String oldPrimary,
        Optional<String> target,
        boolean possible,
        List<String> reasons,
        Optional<Long> bytesAtRisk,
        Optional<Long> expectedInterruptionMs,
        Optional<WouldBeCut> cut,
        List<String> steps) {

    FailoverPlan cutting(Optional<WouldBeCut> whom) {
        return new FailoverPlan(
                instanceId,
                oldPrimary,
                target,
                possible,
                reasons,
                bytesAtRisk,
                expectedInterruptionMs,
                whom,
                steps);
    }
}
