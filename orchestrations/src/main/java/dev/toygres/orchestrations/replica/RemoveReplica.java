package dev.toygres.orchestrations.replica;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepOptions;
import dev.toygres.orchestrations.leftover.Demolition;
import java.util.Optional;

/**
 * A replica goes, in whatever state it is. What leans on it goes first: commits (S9), then reads;
 * then itself, then its slot (S10). A host that is away does not hold it up: the copy there goes
 * when the host is back, and its name is held until then.
 */
public final class RemoveReplica implements Flow<ReplicaInput, ReplicaOutcome> {
    private final ReplicaSteps steps;
    private final Demolition demolition;

    public RemoveReplica(ReplicaSteps steps, Demolition demolition) {
        this.steps = steps;
        this.demolition = demolition;
    }

    @Override
    public ReplicaOutcome run(Context context, ReplicaInput input) {
        context.pointOfNoReturn("only-forward");
        Pair pair = context.transact("find-members", Pair.class, c -> steps.pair(c, input));
        context.step(
                "claim-primary", StepOptions.DEFAULT, attempt -> steps.claimPrimary(attempt, pair));
        steps.settle(context, "settle", pair.instanceId());
        Optional<String> left =
                demolition.member(
                        context,
                        pair.instanceId(),
                        pair.replicaId(),
                        pair.replicaHost(),
                        pair.term());
        context.step("drop-slot", StepOptions.DEFAULT, attempt -> steps.dropSlot(attempt, pair));
        context.transact("forget-replica", c -> steps.forget(c, pair.replicaId()));
        return new ReplicaOutcome(pair.instanceId(), pair.replicaId(), left);
    }
}
