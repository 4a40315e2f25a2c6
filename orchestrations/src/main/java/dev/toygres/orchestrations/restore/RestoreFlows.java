package dev.toygres.orchestrations.restore;

import dev.toygres.durable.FlowType;
import dev.toygres.durable.Flows;
import dev.toygres.orchestrations.instance.InstanceSteps;
import dev.toygres.orchestrations.leftover.Demolition;

/** The durable names of the flows of restores. */
public final class RestoreFlows {
    public static final FlowType<RestoreInput, RestoreOutcome> TO_NEW =
            new FlowType<>("RestoreToNew", RestoreInput.class, RestoreOutcome.class);

    public static final FlowType<RestoreInput, RestoreOutcome> DUMP_TO_NEW =
            new FlowType<>("RestoreDumpToNew", RestoreInput.class, RestoreOutcome.class);
    public static final FlowType<RestoreInput, RestoreOutcome> IN_PLACE =
            new FlowType<>("RestoreInPlace", RestoreInput.class, RestoreOutcome.class);
    public static final FlowType<UndoInput, RestoreOutcome> UNDO =
            new FlowType<>("UndoRestore", UndoInput.class, RestoreOutcome.class);

    private RestoreFlows() {}

    /** Each with what runs it. */
    public static Flows with(
            Flows flows,
            RestoreSteps steps,
            InPlaceSteps inPlace,
            InstanceSteps instances,
            Demolition demolition) {
        return flows.with(TO_NEW, new RestoreToNew(steps, instances, demolition))
                .with(DUMP_TO_NEW, new RestoreDumpToNew(steps, instances, demolition))
                .with(IN_PLACE, new RestoreInPlace(steps, inPlace))
                .with(UNDO, new UndoRestore(steps, inPlace));
    }
}
