package dev.toygres.orchestrations.restore;

import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import java.time.Duration;
import java.util.Optional;

/**
 * The data from before the last restore in place is back (S12): a change of term as that was. What
 * was written since is archived first, and stays there as a history that was left.
 *
 * <p>Whatever fails before the old data answers is undone: the primary adopts the open term with
 * what the restore had made. Nobody is let in before.
 */
public final class UndoRestore implements Flow<UndoInput, RestoreOutcome> {
    private final RestoreSteps restores;
    private final InPlaceSteps steps;

    public UndoRestore(RestoreSteps restores, InPlaceSteps steps) {
        this.restores = restores;
        this.steps = steps;
    }

    @Override
    public RestoreOutcome run(Context context, UndoInput input) {
        String id = input.instanceId();
        context.onUndo(
                "serve-as-before", undo -> undo.transact("serves", c -> steps.servesAgain(c, id)));
        steps.waitForBackups(context, id);
        flush(context, input);
        Swap swap = steps.stop(context, id);
        context.onUndo("keep-restored-data", undo -> keepRestored(undo, swap));
        context.progress(0.3, "putting the old data back on " + swap.hostId());
        MemberUp up =
                context.step(
                        "put-old-data-back",
                        StepOptions.DEFAULT.attempts(3).attemptTimeout(Duration.ofMinutes(30)),
                        MemberUp.class,
                        attempt -> steps.undo(attempt, swap));
        context.pointOfNoReturn("the-old-data-answers");
        context.transact(
                "settle-term", c -> steps.settleUndone(c, input.restoreId(), swap, up.address()));
        context.progress(0.8, "opening the endpoint");
        context.step(
                "open-endpoint",
                RestoreInPlace.FORWARD,
                attempt -> steps.open(attempt, swap, up.address()));
        steps.rearm(context, swap);
        return steps.undone(input);
    }

    private void keepRestored(Context undo, Swap swap) {
        undo.step(
                "keep-restored", RestoreInPlace.BACK, attempt -> steps.keepRestored(attempt, swap));
    }

    /** A store that is dead is no reason to keep the wrong data. */
    private void flush(Context context, UndoInput input) {
        try {
            restores.flush(
                    context,
                    new RestoreInput(
                            input.instanceId(),
                            input.repositoryId(),
                            Optional.empty(),
                            RestoreWish.Goal.ofLatest(),
                            Optional.empty()));
        } catch (StepFailed dead) {
            context.transact("leave-what-is-not-archived", _ -> {});
        }
    }
}
