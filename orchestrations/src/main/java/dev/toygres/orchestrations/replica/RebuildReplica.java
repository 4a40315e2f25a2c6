package dev.toygres.orchestrations.replica;

import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;

/**
 * A broken replica follows again, and the primary does not notice but for the copying: with its own
 * data where that can be had by a start or pg_rewind, else, or when a source is named, with a copy.
 * Cancelled, it is as broken as before: a copy takes hours, and a failover does not wait for it.
 */
public final class RebuildReplica implements Flow<ReplicaInput, ReplicaOutcome> {
    private final ReplicaSteps steps;

    public RebuildReplica(ReplicaSteps steps) {
        this.steps = steps;
    }

    @Override
    public ReplicaOutcome run(Context context, ReplicaInput input) {
        context.onUndo(
                "leave-broken",
                undo -> undo.transact("leave", c -> steps.leaveBroken(c, input.replicaId())));
        try {
            return rebuild(context, input);
        } catch (StepFailed failure) {
            context.pointOfNoReturn("keep-evidence");
            context.transact("mark-broken", c -> steps.markBroken(c, input.replicaId(), failure));
            throw failure;
        }
    }

    private ReplicaOutcome rebuild(Context context, ReplicaInput input) {
        Pair pair = context.transact("find-members", Pair.class, c -> steps.pair(c, input));
        context.step("claim-lanes", StepOptions.DEFAULT, attempt -> steps.claim(attempt, pair));
        steps.settle(context, "settle-before", pair.instanceId());
        Copy copy = input.copy().orElse(Copy.USUAL);
        Way way = context.transact("choose-way", Way.class, c -> steps.way(c, pair, copy));
        if (!(way.rejoins() && rejoined(context, pair))) {
            copied(context, pair, copy);
        }
        context.step("initial-sync", ReplicaSteps.LONG, attempt -> steps.catchUp(attempt, pair));
        context.step("see-it-stream", ReplicaSteps.PROMPT, _ -> steps.seeStreaming(pair));
        context.transact("register", c -> steps.register(c, pair));
        steps.settle(context, "settle", pair.instanceId());
        return ReplicaOutcome.of(pair.instanceId(), pair.replicaId());
    }

    /**
     * What it is made anew from.
     *
     * @param rejoins from its own data
     */
    record Way(boolean rejoins) {}

    /** Answers false where that cannot be: whatever is wrong with it, a copy is better. */
    private boolean rejoined(Context context, Pair pair) {
        try {
            context.step(
                    "keep-its-slot", StepOptions.DEFAULT, attempt -> steps.keepSlot(attempt, pair));
            context.progress(0.2, "looking what its own data is good for");
            steps.rejoin(context, ReplicaSteps.LONG.attempts(2), pair);
            return true;
        } catch (StepFailed useless) {
            context.transact("copy-instead", _ -> {});
            return false;
        }
    }

    private void copied(Context context, Pair pair, Copy copy) {
        context.step(
                "destroy-replica", StepOptions.DEFAULT, attempt -> steps.destroy(attempt, pair));
        context.step("drop-slot", StepOptions.DEFAULT, attempt -> steps.dropSlot(attempt, pair));
        context.step("keep-slot", StepOptions.DEFAULT, attempt -> steps.keepSlot(attempt, pair));
        context.progress(0.3, "copying");
        MemberUp up =
                context.step(
                        "base-backup",
                        ReplicaSteps.LONG,
                        MemberUp.class,
                        attempt -> steps.createAnew(attempt, pair, copy));
        context.transact("record-address", c -> steps.recordAddress(c, pair, up));
        context.step("archive", StepOptions.DEFAULT, attempt -> steps.archive(attempt, pair));
    }
}
