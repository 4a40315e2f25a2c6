package dev.toygres.orchestrations.drill;

import dev.toygres.durable.FlowType;
import dev.toygres.durable.Flows;

/** The durable name of the flow of a drill. */
public final class DrillFlows {
    public static final FlowType<DrillInput, DrillOutcome> DRILL =
            new FlowType<>("RestoreDrill", DrillInput.class, DrillOutcome.class);

    private DrillFlows() {}

    public static Flows with(Flows flows, DrillSteps steps) {
        return flows.with(DRILL, new RestoreDrill(steps));
    }
}
