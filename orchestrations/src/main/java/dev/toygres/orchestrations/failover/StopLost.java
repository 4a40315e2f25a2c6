package dev.toygres.orchestrations.failover;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepOptions;
import java.time.Duration;

/**
 * Stops and marks a member that may have become primary in a term that came to nothing, once its
 * host answers again. It can be rebuilt then.
 */
final class StopLost implements Flow<StopLost.Lost, StopLost.Lost> {
    private static final StepOptions UNTIL_IT_IS_BACK =
            StepOptions.DEFAULT
                    .attempts(StepOptions.FOREVER)
                    .backoff(Duration.ofSeconds(1), Duration.ofSeconds(5))
                    .deadline(Duration.ofDays(1));

    private final FailoverSteps steps;

    StopLost(FailoverSteps steps) {
        this.steps = steps;
    }

    /**
     * Who it is.
     *
     * @param term the one that was opened after its own
     */
    record Lost(String instanceId, String memberId, String hostId, long term) {}

    @Override
    public Lost run(Context context, Lost lost) {
        context.pointOfNoReturn("only-forward");
        context.progress(0.1, "waiting for " + lost.hostId());
        context.step("stop", UNTIL_IT_IS_BACK, attempt -> steps.stopLost(attempt, lost));
        return lost;
    }
}
