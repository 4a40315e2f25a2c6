package dev.toygres.orchestrations.restore;

import dev.toygres.agentapi.BackupResult.Restored;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.orchestrations.instance.InstanceSteps;
import dev.toygres.orchestrations.instance.Primary;
import java.time.Duration;

/**
 * The data of an instance is replaced by what a backup and WAL bring back (R4.36, P54). A change of
 * term (S12): the replicas lean on nothing any more, the next term is open, and the primary is
 * stopped and marked, all of it confirmed, before a byte of its data moves. The old data stays
 * beside the new until {@link UndoRestore} or the next restore in place; the addresses stay.
 *
 * <p>Whatever fails before the new data serves is undone: the primary adopts the open term with its
 * old data. Afterwards there is only forward: replicas are copied anew, and a backup of the new
 * history begins at once.
 */
public final class RestoreInPlace implements Flow<RestoreInput, RestoreOutcome> {
    private static final StepOptions BACK =
            StepOptions.DEFAULT
                    .attempts(100)
                    .backoff(Duration.ofMillis(100), Duration.ofSeconds(5))
                    .deadline(Duration.ofMinutes(2));

    private static final StepOptions FORWARD =
            StepOptions.DEFAULT
                    .attempts(StepOptions.FOREVER)
                    .backoff(Duration.ofMillis(100), Duration.ofSeconds(5))
                    .deadline(Duration.ofMinutes(2));

    private final RestoreSteps restores;
    private final InPlaceSteps steps;
    private final InstanceSteps instances;

    public RestoreInPlace(RestoreSteps restores, InPlaceSteps steps, InstanceSteps instances) {
        this.restores = restores;
        this.steps = steps;
        this.instances = instances;
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
        context.progress(0.02, "archiving what was written");
        restores.flush(context, input);
        Chosen chosen =
                context.transact(
                        "choose",
                        Chosen.class,
                        c -> restores.choose(c, context.operationId(), input));
        steps.waitForBackups(context, id);

        Swap swap = steps.stop(context, id, BACK);
        context.progress(0.15, "restoring " + chosen.backupId() + " on " + swap.hostId());
        Primary primary = swap.primary();
        context.step(
                "drop-what-was-kept",
                StepOptions.DEFAULT,
                attempt -> steps.dropKept(attempt, swap));
        context.onUndo("put-old-data-back", BACK, attempt -> steps.undo(attempt, swap));
        Restored restored =
                context.step(
                        "restore-member",
                        RestoreToNew.LONG,
                        Restored.class,
                        attempt -> restores.restore(attempt, input, chosen, primary, true));
        context.transact(
                "note-what-was-reached",
                c -> restores.reached(c, context.operationId(), restored, primary));

        context.progress(0.8, "opening the endpoint");
        context.step(
                "open-endpoint",
                StepOptions.DEFAULT,
                attempt -> steps.open(attempt, swap, restored.address()));
        context.step("first-query", StepOptions.DEFAULT.attempts(20), _ -> instances.query(id));
        context.pointOfNoReturn("it-serves");
        context.transact(
                "settle-term",
                c -> steps.settle(c, context.operationId(), swap, restored.address()));
        context.progress(0.85, "archiving the new history");
        context.step("archive", FORWARD, attempt -> steps.archive(attempt, swap));
        steps.reseed(context, swap);
        context.transact("complete", c -> steps.complete(c, context.operationId(), id));
        return new RestoreOutcome(
                id, chosen.backupId(), restored.lastTransactionAt(), restored.endLsn());
    }
}
