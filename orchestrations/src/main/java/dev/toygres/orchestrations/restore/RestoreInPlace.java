package dev.toygres.orchestrations.restore;

import dev.toygres.agentapi.BackupResult.Restored;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.orchestrations.instance.Primary;
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
        context.progress(0.02, "archiving what was written");
        restores.flush(context, input);
        Chosen chosen =
                context.transact(
                        "choose",
                        Chosen.class,
                        c -> restores.choose(c, context.operationId(), input));

        context.progress(0.1, "stopping " + id);
        Swap swap = steps.stop(context, id);
        Primary primary = swap.primary();
        context.progress(0.15, "restoring " + chosen.backupId() + " on " + swap.hostId());
        context.onUndo("put-old-data-back", undo -> putBack(undo, swap));
        Restored restored =
                context.step(
                        "restore-member",
                        RestoreToNew.LONG,
                        Restored.class,
                        attempt -> restores.restoreOver(attempt, input, chosen, primary));
        context.pointOfNoReturn("the-new-data-answers");
        context.transact(
                "settle-term",
                c -> {
                    restores.reached(c, context.operationId(), restored, primary);
                    steps.settle(c, context.operationId(), swap, restored.address());
                });
        context.progress(0.8, "opening the endpoint");
        context.step(
                "open-endpoint", FORWARD, attempt -> steps.open(attempt, swap, restored.address()));
        steps.rearm(context, swap);
        return new RestoreOutcome(
                id, chosen.backupId(), restored.lastTransactionAt(), restored.endLsn());
    }

    private void putBack(Context undo, Swap swap) {
        undo.step("abort", StepOptions.DEFAULT, attempt -> steps.abort(attempt, swap));
        undo.step("put-back", BACK, attempt -> steps.putBack(attempt, swap));
        steps.archiveAgain(undo, swap);
    }
}
