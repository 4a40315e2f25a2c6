package dev.toygres.orchestrations.replica;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;

/**
 * What leans on the replicas is made to fit how they are: the read-only endpoint, and which of them
 * gate commits. Started by the watch when one of the two no longer fits.
 */
public final class SettleReplication implements Flow<ReplicaInput, ReplicaOutcome> {
    private final ReplicaSteps steps;

    public SettleReplication(ReplicaSteps steps) {
        this.steps = steps;
    }

    @Override
    public ReplicaOutcome run(Context context, ReplicaInput input) {
        steps.settle(context, "settle", input.instanceId());
        return ReplicaOutcome.of(input.instanceId(), input.replicaId());
    }
}
