package dev.toygres.orchestrations.replica;

import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.orchestrations.leftover.Demolition;

/**
 * A new standby of a running primary (R1.16): slot, base backup, streaming, initial sync, and only
 * then what leans on it: reads, and commits that wait for it (S9).
 *
 * <p>Cancelled, it leaves nothing behind. Failed, it keeps its evidence: the replica is Broken with
 * the reason, and can be retried, rebuilt or removed.
 */
public final class AddReplica implements Flow<ReplicaInput, ReplicaOutcome> {
    private final ReplicaSteps steps;
    private final Demolition demolition;

    public AddReplica(ReplicaSteps steps, Demolition demolition) {
        this.steps = steps;
        this.demolition = demolition;
    }

    @Override
    public ReplicaOutcome run(Context context, ReplicaInput input) {
        try {
            return add(context, input);
        } catch (StepFailed failure) {
            context.pointOfNoReturn("keep-evidence");
            context.transact("mark-broken", c -> steps.markBroken(c, input.replicaId(), failure));
            throw failure;
        }
    }

    private ReplicaOutcome add(Context context, ReplicaInput input) {
        context.onUndo(
                "forget-replica",
                undo -> undo.transact("forget", c -> steps.forget(c, input.replicaId())));
        Pair pair = context.transact("find-members", Pair.class, c -> steps.pair(c, input));
        context.step("claim-lanes", StepOptions.DEFAULT, attempt -> steps.claim(attempt, pair));

        context.progress(0.05, "reserving WAL on " + pair.primaryId());
        context.onUndo("drop-slot", ReplicaSteps.UNDO, attempt -> steps.dropSlot(attempt, pair));
        context.step("keep-slot", StepOptions.DEFAULT, attempt -> steps.keepSlot(attempt, pair));

        context.progress(0.1, "copying " + pair.primaryId() + " to " + pair.replicaHost());
        context.onUndo("destroy-replica", undo -> destroy(undo, pair));
        MemberUp up =
                context.step(
                        "base-backup",
                        ReplicaSteps.LONG,
                        MemberUp.class,
                        attempt -> steps.create(attempt, pair, input.copy().orElse(Copy.USUAL)));
        context.transact("record-address", c -> steps.recordAddress(c, pair, up));
        context.step("archive", StepOptions.DEFAULT, attempt -> steps.archive(attempt, pair));

        context.progress(0.8, "waiting for the initial sync");
        context.step("initial-sync", ReplicaSteps.LONG, attempt -> steps.catchUp(attempt, pair));
        context.step("see-it-stream", ReplicaSteps.PROMPT, _ -> steps.seeStreaming(pair));
        context.onUndo("lean-on-others", undo -> leanOnOthers(undo, pair));
        context.transact("register", c -> steps.register(c, pair));
        context.progress(0.9, "opening reads");
        steps.settle(context, "settle", pair.instanceId());
        return ReplicaOutcome.of(pair.instanceId(), pair.replicaId());
    }

    private void leanOnOthers(Context undo, Pair pair) {
        undo.transact("mark-removing", c -> steps.markRemoving(c, pair.replicaId()));
        steps.settle(undo, "settle", pair.instanceId(), ReplicaSteps.UNDO);
    }

    private void destroy(Context undo, Pair pair) {
        var _ =
                demolition.member(
                        undo, pair.instanceId(), pair.replicaId(), pair.replicaHost(), pair.term());
    }
}
