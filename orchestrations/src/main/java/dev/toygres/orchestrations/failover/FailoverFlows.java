package dev.toygres.orchestrations.failover;

import dev.toygres.durable.FlowType;
import dev.toygres.durable.Flows;
import dev.toygres.orchestrations.endpoint.Takeover;
import dev.toygres.orchestrations.leftover.Demolition;

/** The durable names of the ways to fail over. */
public final class FailoverFlows {
    public static final FlowType<FailoverInput, FailoverOutcome> MANUAL =
            new FlowType<>("ManualFailover", FailoverInput.class, FailoverOutcome.class);

    static final FlowType<StopLost.Lost, StopLost.Lost> STOP_LOST =
            new FlowType<>("StopLostMember", StopLost.Lost.class, StopLost.Lost.class);

    /** The same flow, when nobody asked for it but what was seen (R3.20). */
    public static final FlowType<FailoverInput, FailoverOutcome> AUTOMATIC =
            new FlowType<>("AutomaticFailover", FailoverInput.class, FailoverOutcome.class);

    /** Whether to, where nothing proves that it is safe. */
    public static final FlowType<Doubt, Doubt.Outcome> ASK =
            new FlowType<>("AskForFailover", Doubt.class, Doubt.Outcome.class);

    private FailoverFlows() {}

    /** These besides the given ones. */
    public static Flows with(
            Flows flows,
            FailoverSteps steps,
            EmergencySteps emergency,
            AutomaticFailovers automatic,
            Demolition demolition,
            Takeover takeover) {
        ManualFailover failover = new ManualFailover(steps, emergency, demolition, takeover);
        return flows.with(MANUAL, failover)
                .with(AUTOMATIC, failover)
                .with(ASK, new AskForFailover(automatic))
                .with(STOP_LOST, new StopLost(steps));
    }
}
