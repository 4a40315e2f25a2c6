package dev.toygres.orchestrations.restore;

import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepOptions;
import dev.toygres.orchestrations.instance.InstanceSteps;
import java.time.Duration;

/**
 * The data from before the last restore in place is back (S12): a change of term as that was. What
 * was written since is lost; it stays in the archive, as a history that was left.
 */
public final class UndoRestore implements Flow<UndoInput, RestoreOutcome> {
    private static final StepOptions FORWARD =
            StepOptions.DEFAULT
                    .attempts(StepOptions.FOREVER)
                    .backoff(Duration.ofMillis(100), Duration.ofSeconds(5))
                    .deadline(Duration.ofMinutes(2));

    private final InPlaceSteps steps;
    private final InstanceSteps instances;

    public UndoRestore(InPlaceSteps steps, InstanceSteps instances) {
        this.steps = steps;
        this.instances = instances;
    }

    @Override
    public RestoreOutcome run(Context context, UndoInput input) {
        String id = input.instanceId();
        context.onUndo(
                "serve-as-before", undo -> undo.transact("serves", c -> steps.servesAgain(c, id)));
        steps.waitForBackups(context, id);
        Swap swap = steps.stop(context, id, FORWARD);
        context.pointOfNoReturn("the-old-data-comes-back");
        MemberUp up =
                context.step(
                        "put-old-data-back",
                        FORWARD.attemptTimeout(Duration.ofMinutes(30)),
                        MemberUp.class,
                        attempt -> steps.undo(attempt, swap));
        context.step("open-endpoint", FORWARD, attempt -> steps.open(attempt, swap, up.address()));
        context.step("first-query", FORWARD, _ -> instances.query(id));
        context.transact(
                "settle-term", c -> steps.settleUndone(c, input.restoreId(), swap, up.address()));
        context.step("archive", FORWARD, attempt -> steps.archive(attempt, swap));
        steps.reseed(context, swap);
        context.transact("complete", c -> steps.complete(c, input.restoreId(), id));
        return steps.undone(input);
    }
}
