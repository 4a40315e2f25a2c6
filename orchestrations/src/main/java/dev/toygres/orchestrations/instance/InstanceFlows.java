package dev.toygres.orchestrations.instance;

import dev.toygres.durable.FlowType;
import dev.toygres.durable.Flows;
import dev.toygres.orchestrations.backup.Departure;
import dev.toygres.orchestrations.endpoint.Takeover;
import dev.toygres.orchestrations.leftover.Demolition;

/** The durable names of the flows of an instance. */
public final class InstanceFlows {
    public static final FlowType<InstanceInput, InstanceOutcome> CREATE = type("CreateInstance");
    public static final FlowType<InstanceInput, InstanceOutcome> STOP = type("StopInstance");
    public static final FlowType<InstanceInput, InstanceOutcome> START = type("StartInstance");
    public static final FlowType<InstanceInput, InstanceOutcome> RESTART = type("RestartInstance");
    public static final FlowType<InstanceInput, InstanceOutcome> DELETE = type("DeleteInstance");

    public static final FlowType<InstanceInput, InstanceOutcome> FENCE = type("FenceInstance");
    public static final FlowType<InstanceInput, InstanceOutcome> UNFENCE = type("UnfenceInstance");

    private InstanceFlows() {}

    /** Each with what runs it. */
    public static Flows all(
            InstanceSteps steps, Demolition demolition, Departure departure, Takeover takeover) {
        return Flows.none()
                .with(CREATE, new CreateInstance(steps, demolition))
                .with(STOP, new StopInstance(steps))
                .with(START, new StartInstance(steps, takeover))
                .with(FENCE, new FenceInstance(steps))
                .with(UNFENCE, new StartInstance(steps, takeover))
                .with(RESTART, new RestartInstance(steps))
                .with(DELETE, new DeleteInstance(steps, demolition, departure));
    }

    private static FlowType<InstanceInput, InstanceOutcome> type(String name) {
        return new FlowType<>(name, InstanceInput.class, InstanceOutcome.class);
    }
}
