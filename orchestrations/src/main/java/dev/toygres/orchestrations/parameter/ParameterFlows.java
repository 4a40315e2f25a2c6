package dev.toygres.orchestrations.parameter;

import dev.toygres.durable.FlowType;
import dev.toygres.durable.Flows;

/** The durable names of the flows of parameters. */
public final class ParameterFlows {
    public static final FlowType<ParameterInput, ParameterOutcome> SET =
            new FlowType<>("SetParameters", ParameterInput.class, ParameterOutcome.class);

    public static final FlowType<ParameterInput, ParameterOutcome> KEEP =
            new FlowType<>("KeepParameters", ParameterInput.class, ParameterOutcome.class);

    private ParameterFlows() {}

    /** These besides the given ones. */
    public static Flows with(
            Flows flows, ParameterSteps steps, ChangeAccount account, ClientPause clients) {
        return flows.with(SET, new SetParameters(steps, account, clients))
                .with(KEEP, new KeepParameters(steps));
    }
}
