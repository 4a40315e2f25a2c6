package dev.toygres.orchestrations.replica;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;

/**
 * A member that was left behind follows again, as its host is back. A former primary is fenced
 * first, so that it never comes up writable; what it alone had is kept beside its data, then it is
 * rewound, or cloned anew (S8). When it fails or makes room, the watch tries again later.
 */
public final class RejoinReplica implements Flow<ReplicaInput, ReplicaOutcome> {
    private final ReplicaSteps steps;

    public RejoinReplica(ReplicaSteps steps) {
        this.steps = steps;
    }

    @Override
    public ReplicaOutcome run(Context context, ReplicaInput input) {
        context.onUndo(
                "leave-detached",
                undo -> undo.transact("leave", c -> steps.leaveDetached(c, input.replicaId())));
        try {
            return rejoin(context, input);
        } catch (StepFailed failure) {
            context.pointOfNoReturn("keep-evidence");
            context.transact(
                    "mark-detached", c -> steps.markDetached(c, input.replicaId(), failure));
            throw failure;
        }
    }

    private ReplicaOutcome rejoin(Context context, ReplicaInput input) {
        Pair pair = context.transact("find-members", Pair.class, c -> steps.pair(c, input));
        context.step("claim-lanes", StepOptions.DEFAULT, attempt -> steps.claim(attempt, pair));
        context.step("keep-slot", StepOptions.DEFAULT, attempt -> steps.keepSlot(attempt, pair));
        steps.rejoin(context, ReplicaSteps.LONG, pair);
        context.step("drop-slots", StepOptions.DEFAULT, attempt -> steps.dropSlots(attempt, pair));
        context.step("see-it-stream", ReplicaSteps.PROMPT, _ -> steps.seeStreaming(pair));
        context.transact("register", c -> steps.register(c, pair));
        steps.settle(context, "settle", pair.instanceId());
        return ReplicaOutcome.of(pair.instanceId(), pair.replicaId());
    }
}
