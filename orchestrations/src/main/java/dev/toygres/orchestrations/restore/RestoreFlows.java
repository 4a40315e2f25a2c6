package dev.toygres.orchestrations.restore;

import dev.toygres.durable.FlowType;
import dev.toygres.durable.Flows;
import dev.toygres.orchestrations.instance.InstanceSteps;

/** The durable names of the flows of restores. */
public final class RestoreFlows {
    public static final FlowType<RestoreInput, RestoreOutcome> TO_NEW =
            new FlowType<>("RestoreToNew", RestoreInput.class, RestoreOutcome.class);

    public static final FlowType<RestoreInput, RestoreOutcome> IN_PLACE =
            new FlowType<>("RestoreInPlace", RestoreInput.class, RestoreOutcome.class);
    public static final FlowType<UndoInput, RestoreOutcome> UNDO =
            new FlowType<>("UndoRestore", UndoInput.class, RestoreOutcome.class);

    private RestoreFlows() {}

    /** Each with what runs it. */
    public static Flows with(
            Flows flows, RestoreSteps steps, InPlaceSteps inPlace, InstanceSteps instances) {
        return flows.with(TO_NEW, new RestoreToNew(steps, instances))
                .with(IN_PLACE, new RestoreInPlace(steps, inPlace, instances))
                .with(UNDO, new UndoRestore(inPlace, instances));
    }
}
