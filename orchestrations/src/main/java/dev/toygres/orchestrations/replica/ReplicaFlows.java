package dev.toygres.orchestrations.replica;

import dev.toygres.durable.FlowType;
import dev.toygres.durable.Flows;
import dev.toygres.orchestrations.leftover.Demolition;

/** The durable names of the flows of replicas. */
public final class ReplicaFlows {
    public static final FlowType<ReplicaInput, ReplicaOutcome> ADD = type("AddReplica");
    public static final FlowType<ReplicaInput, ReplicaOutcome> REMOVE = type("RemoveReplica");
    public static final FlowType<ReplicaInput, ReplicaOutcome> REBUILD = type("RebuildReplica");
    public static final FlowType<ReplicaInput, ReplicaOutcome> SETTLE = type("SettleReplication");

    public static final FlowType<ReplicaInput, ReplicaOutcome> REJOIN = type("RejoinReplica");

    private ReplicaFlows() {}

    private static FlowType<ReplicaInput, ReplicaOutcome> type(String name) {
        return new FlowType<>(name, ReplicaInput.class, ReplicaOutcome.class);
    }

    /** These besides the given ones. */
    public static Flows with(Flows flows, ReplicaSteps steps, Demolition demolition) {
        return flows.with(ADD, new AddReplica(steps, demolition))
                .with(REMOVE, new RemoveReplica(steps, demolition))
                .with(REBUILD, new RebuildReplica(steps))
                .with(REJOIN, new RejoinReplica(steps))
                .with(SETTLE, new SettleReplication(steps));
    }
}
