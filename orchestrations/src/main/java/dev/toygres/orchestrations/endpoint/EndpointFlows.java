package dev.toygres.orchestrations.endpoint;

import dev.toygres.durable.FlowType;
import dev.toygres.durable.Flows;
import dev.toygres.orchestrations.leftover.Demolition;

/** The durable name of what serves addresses elsewhere. */
public final class EndpointFlows {
    public static final FlowType<EndpointInput, EndpointOutcome> MOVE =
            new FlowType<>("MoveEndpoint", EndpointInput.class, EndpointOutcome.class);

    private EndpointFlows() {}

    public static Flows with(Flows others, EndpointSteps steps, Demolition demolition) {
        return others.with(MOVE, new MoveEndpoint(steps, demolition));
    }
}
