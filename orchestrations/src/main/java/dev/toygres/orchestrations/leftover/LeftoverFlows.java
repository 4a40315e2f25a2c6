package dev.toygres.orchestrations.leftover;

import dev.toygres.durable.FlowType;
import dev.toygres.durable.Flows;

/** The durable name of what destroys a leftover. */
public final class LeftoverFlows {
    public static final FlowType<Leftover, Leftover> CLEAR =
            new FlowType<>("ClearLeftover", Leftover.class, Leftover.class);

    private LeftoverFlows() {}

    public static Flows with(Flows others, Demolition demolition) {
        return others.with(CLEAR, new ClearLeftover(demolition));
    }
}
