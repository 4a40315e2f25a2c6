package dev.toygres.orchestrations.replica;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import java.time.Duration;

/**
 * A replica goes, in whatever state it is. What leans on it goes first: commits (S9), then reads;
 * then itself, then its slot (S10). A host that is away does not hold it up: the copy there is
 * reported as unknown when the host is back.
 */
public final class RemoveReplica implements Flow<ReplicaInput, ReplicaOutcome> {
    private static final StepOptions BRIEF =
            StepOptions.DEFAULT
                    .attempts(3)
                    .backoff(Duration.ofMillis(200), Duration.ofSeconds(1))
                    .attemptTimeout(Duration.ofMinutes(2));

    private final ReplicaSteps steps;

    public RemoveReplica(ReplicaSteps steps) {
        this.steps = steps;
    }

    @Override
    public ReplicaOutcome run(Context context, ReplicaInput input) {
        context.pointOfNoReturn("only-forward");
        Pair pair = context.transact("find-members", Pair.class, c -> steps.pair(c, input));
        context.step(
                "claim-primary", StepOptions.DEFAULT, attempt -> steps.claimPrimary(attempt, pair));
        steps.settle(context, "settle", pair.instanceId());
        tryDestroy(context, pair);
        context.step("drop-slot", StepOptions.DEFAULT, attempt -> steps.dropSlot(attempt, pair));
        context.transact("forget-replica", c -> steps.forget(c, pair.replicaId()));
        return new ReplicaOutcome(pair.instanceId(), pair.replicaId());
    }

    private void tryDestroy(Context context, Pair pair) {
        try {
            context.step("destroy-replica", BRIEF, attempt -> steps.destroy(attempt, pair));
        } catch (StepFailed away) {
            context.transact("leave-it-there", _ -> {});
        }
    }
}
