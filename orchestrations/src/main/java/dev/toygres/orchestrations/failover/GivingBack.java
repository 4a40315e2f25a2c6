package dev.toygres.orchestrations.failover;

import dev.toygres.durable.Context;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import java.time.Duration;

/**
 * The old primary serves again though the target was told to promote, on somebody's word (S5). The
 * term that came to nothing is settled by opening the next one (S1), which agents and routing put
 * above whatever the target may do in its own; the target is stopped as soon as its host is back.
 */
record GivingBack(FailoverSteps steps) {
    private static final StepOptions BACK =
            StepOptions.DEFAULT
                    .attempts(100)
                    .backoff(Duration.ofMillis(100), Duration.ofSeconds(5))
                    .deadline(Duration.ofMinutes(2));

    FailoverOutcome run(Context context, Cast cast) {
        Cast next = cast.oneTermLater();
        context.transact("reopen-term", c -> steps.reopenTerm(c, cast));
        var _ = context.startDetached("stop-target", FailoverFlows.STOP_LOST, lost(next));
        context.step("unfence-old-primary", BACK, attempt -> steps.resume(attempt, next));
        context.transact("give-back", c -> steps.giveBack(c, context.operationId(), next));
        try {
            steps.settle(context, cast.instanceId());
        } catch (StepFailed later) {
            context.transact("settle-later", _ -> {});
        }
        return new FailoverOutcome(
                cast.instanceId(),
                context.operationId(),
                cast.oldPrimary().id(),
                next.nextTerm(),
                0);
    }

    private static StopLost.Lost lost(Cast cast) {
        return new StopLost.Lost(
                cast.instanceId(), cast.target().id(), cast.target().host(), cast.nextTerm());
    }
}
