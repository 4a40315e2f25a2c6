package dev.toygres.orchestrations.restore;

import dev.toygres.durable.FlowType;
import dev.toygres.durable.Flows;
import dev.toygres.orchestrations.instance.InstanceSteps;
import dev.toygres.orchestrations.leftover.Demolition;

/** The durable names of the flows of restores. */
public final class RestoreFlows {
    public static final FlowType<RestoreInput, RestoreOutcome> TO_NEW =
            new FlowType<>("RestoreToNew", RestoreInput.class, RestoreOutcome.class);

    private RestoreFlows() {}

    /** Each with what runs it. */
    public static Flows with(
            Flows flows, RestoreSteps steps, InstanceSteps instances, Demolition demolition) {
        return flows.with(TO_NEW, new RestoreToNew(steps, instances, demolition));
    }
}
