package dev.toygres.orchestrations.restore;

import dev.toygres.agentapi.BackupResult.Restored;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import java.time.Duration;

/**
 * The data of an instance is replaced by what a backup and WAL bring back (R4.36, P54): a change of
 * term (S12). The old data stays beside the new until {@link UndoRestore} or the next restore in
 * place; the addresses stay.
 *
 * <p>Whatever fails before the new data serves is undone: the primary adopts the open term with its
 * old data. Nobody is let in before the agent has found the new data to answer, so nothing that was
 * acknowledged is lost by that. Afterwards there is only forward: a backup of the new history
 * begins at once, and replicas are copied anew.
 */
public final class RestoreInPlace implements Flow<RestoreInput, RestoreOutcome> {
    static final StepOptions FORWARD =
            StepOptions.DEFAULT
                    .attempts(StepOptions.FOREVER)
                    .backoff(Duration.ofMillis(100), Duration.ofSeconds(5))
                    .deadline(Duration.ofMinutes(2));

    static final StepOptions BACK =
            StepOptions.DEFAULT
                    .attempts(100)
                    .attemptTimeout(Duration.ofMinutes(30))
                    .backoff(Duration.ofMillis(100), Duration.ofSeconds(5))
                    .deadline(Duration.ofMinutes(2));

    private static final StepOptions BRIEF =
            StepOptions.DEFAULT.attempts(3).attemptTimeout(Duration.ofMinutes(5)).asAbortable();

    private final RestoreSteps restores;
    private final InPlaceSteps steps;

    public RestoreInPlace(RestoreSteps restores, InPlaceSteps steps) {
        this.restores = restores;
        this.steps = steps;
    }

    @Override
    public RestoreOutcome run(Context context, RestoreInput input) {
        try {
            return restore(context, input);
        } catch (StepFailed failure) {
            context.transact(
                    "note-failure", c -> restores.failed(c, context.operationId(), failure));
            throw failure;
        }
    }

    private RestoreOutcome restore(Context context, RestoreInput input) {
        String id = input.instanceId();
        context.onUndo(
                "serve-as-before",
                undo ->
                        undo.transact(
                                "serves", c -> steps.servesAsBefore(c, context.operationId(), id)));
        context.transact(
                "begin", c -> restores.begin(c, context.operationId(), "ExistingInstance", input));
        // What is archived below is ordered later, and would have the backup refused.
        steps.waitForBackups(context, id);
        restores.flush(context, input);
        Chosen chosen =
                context.transact(
                        "choose",
                        Chosen.class,
                        c -> restores.choose(c, context.operationId(), input));

        foresee(context, input, chosen);

        Replaced replaced = replace(context, input, chosen);
        Swap swap = replaced.swap();
        Restored restored = replaced.by();
        context.pointOfNoReturn("the-new-data-answers");
        context.transact(
                "settle-term",
                c -> {
                    restores.reached(c, context.operationId(), restored, swap.primary());
                    steps.settle(c, context.operationId(), swap, restored.address());
                });
        context.progress(0.8, "opening the endpoint");
        context.step(
                "open-endpoint", FORWARD, attempt -> steps.open(attempt, swap, restored.address()));
        steps.rearm(context, swap);
        return new RestoreOutcome(
                id, chosen.backupId(), restored.lastTransactionAt(), restored.endLsn());
    }

    private void foresee(Context context, RestoreInput input, Chosen chosen) {
        context.progress(0.08, "looking whether " + chosen.backupId() + " is at hand");
        try {
            context.step("foresee", BRIEF, attempt -> restores.foresee(attempt, input, chosen));
        } catch (StepFailed failure) {
            throw told(failure, "nothing was stopped");
        }
    }

    private record Replaced(Swap swap, Restored by) {}

    /** What fails here ends as failed only once the old data serves; until then it asks. */
    private Replaced replace(Context context, RestoreInput input, Chosen chosen) {
        try {
            Swap swap = steps.stop(context, input.instanceId());
            context.progress(0.15, "restoring " + chosen.backupId() + " on " + swap.hostId());
            context.onUndo("put-old-data-back", undo -> putBack(undo, swap));
            Restored restored =
                    context.step(
                            "restore-member",
                            RestoreToNew.LONG,
                            Restored.class,
                            attempt ->
                                    restores.restoreOver(attempt, input, chosen, swap.primary()));
            return new Replaced(swap, restored);
        } catch (StepFailed failure) {
            throw told(failure, input.instanceId() + " serves its old data again");
        }
    }

    private static StepFailed told(StepFailed failure, String how) {
        var told = new StepFailed(failure.step(), failure.getMessage() + "; " + how);
        told.initCause(failure);
        return told;
    }

    private void putBack(Context undo, Swap swap) {
        undo.step("abort", StepOptions.DEFAULT, attempt -> steps.abort(attempt, swap));
        undo.step("put-back", BACK, attempt -> steps.putBack(attempt, swap));
        steps.archiveAgain(undo, swap);
    }
}
