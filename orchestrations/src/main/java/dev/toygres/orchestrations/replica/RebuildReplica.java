package dev.toygres.orchestrations.replica;

import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;

/** A broken replica is made anew from its primary, which does not notice but for the copying. */
public final class RebuildReplica implements Flow<ReplicaInput, ReplicaOutcome> {
    private final ReplicaSteps steps;

    public RebuildReplica(ReplicaSteps steps) {
        this.steps = steps;
    }

    @Override
    public ReplicaOutcome run(Context context, ReplicaInput input) {
        context.pointOfNoReturn("only-forward");
        try {
            return rebuild(context, input);
        } catch (StepFailed failure) {
            context.transact("mark-broken", c -> steps.markBroken(c, input.replicaId(), failure));
            throw failure;
        }
    }

    private ReplicaOutcome rebuild(Context context, ReplicaInput input) {
        Pair pair = context.transact("find-members", Pair.class, c -> steps.pair(c, input));
        context.step("claim-lanes", StepOptions.DEFAULT, attempt -> steps.claim(attempt, pair));
        steps.settle(context, "settle-before", pair.instanceId());
        context.step(
                "destroy-replica", StepOptions.DEFAULT, attempt -> steps.destroy(attempt, pair));
        context.step("drop-slot", StepOptions.DEFAULT, attempt -> steps.dropSlot(attempt, pair));
        context.step("keep-slot", StepOptions.DEFAULT, attempt -> steps.keepSlot(attempt, pair));
        MemberUp up =
                context.step(
                        "base-backup",
                        ReplicaSteps.LONG,
                        MemberUp.class,
                        attempt -> steps.createAnew(attempt, pair));
        context.transact("record-address", c -> steps.recordAddress(c, pair, up));
        context.step("archive", StepOptions.DEFAULT, attempt -> steps.archive(attempt, pair));
        context.step("initial-sync", ReplicaSteps.LONG, attempt -> steps.catchUp(attempt, pair));
        context.step("see-it-stream", ReplicaSteps.PROMPT, _ -> steps.seeStreaming(pair));
        context.transact("register", c -> steps.register(c, pair));
        steps.settle(context, "settle", pair.instanceId());
        return ReplicaOutcome.of(pair.instanceId(), pair.replicaId());
    }
}
