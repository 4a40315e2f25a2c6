package dev.toygres.orchestrations.failover;

import dev.toygres.durable.FlowType;
import dev.toygres.durable.Flows;
import dev.toygres.orchestrations.leftover.Demolition;

/** The durable names of the ways to fail over. */
public final class FailoverFlows {
    public static final FlowType<FailoverInput, FailoverOutcome> MANUAL =
            new FlowType<>("ManualFailover", FailoverInput.class, FailoverOutcome.class);

    private FailoverFlows() {}

    /** These besides the given ones. */
    public static Flows with(Flows flows, FailoverSteps steps, Demolition demolition) {
        return flows.with(MANUAL, new ManualFailover(steps, demolition));
    }
}
