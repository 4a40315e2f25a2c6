package dev.toygres.orchestrations.instance;

import dev.toygres.durable.FlowType;

/** The durable names of the flows of an instance. */
public final class InstanceFlows {
    public static final FlowType<InstanceInput, InstanceOutcome> CREATE = type("CreateInstance");
    public static final FlowType<InstanceInput, InstanceOutcome> STOP = type("StopInstance");
    public static final FlowType<InstanceInput, InstanceOutcome> START = type("StartInstance");
    public static final FlowType<InstanceInput, InstanceOutcome> RESTART = type("RestartInstance");
    public static final FlowType<InstanceInput, InstanceOutcome> DELETE = type("DeleteInstance");

    private InstanceFlows() {}

    private static FlowType<InstanceInput, InstanceOutcome> type(String name) {
        return new FlowType<>(name, InstanceInput.class, InstanceOutcome.class);
    }
}
