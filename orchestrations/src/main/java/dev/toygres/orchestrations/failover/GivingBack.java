package dev.toygres.orchestrations.failover;

import dev.toygres.durable.Context;
import dev.toygres.durable.StepFailed;
import java.util.function.Consumer;

/**
 * The old primary serves again though the target was told to promote, on somebody's word (S5). The
 * term that came to nothing is settled by opening the next one (S1), which agents and routing put
 * above whatever the target may do in its own; the target is stopped as soon as its host is back.
 */
record GivingBack(FailoverSteps steps, ServingAgain again) {
    /**
     * @param listen whoever listens to it no longer does so again: its commits may wait for them
     */
    FailoverOutcome run(Context context, Cast cast, Consumer<Cast> listen) {
        Cast next = cast.oneTermLater();
        context.transact("reopen-term", c -> steps.reopenPromoted(c, cast));
        var _ = context.startDetached("stop-target", FailoverFlows.STOP_LOST, lost(next));
        again.run(context, "unfence-old-primary", next);
        listen.accept(next);
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
