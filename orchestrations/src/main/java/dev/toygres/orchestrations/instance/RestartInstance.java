package dev.toygres.orchestrations.instance;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import java.util.Optional;

/** Stop and start in one, with the checkpoint before it, so that the interruption is short. */
public final class RestartInstance implements Flow<InstanceInput, InstanceOutcome> {
    private final InstanceSteps steps;

    public RestartInstance(InstanceSteps steps) {
        this.steps = steps;
    }

    @Override
    public InstanceOutcome run(Context context, InstanceInput input) {
        String id = input.instanceId();
        context.pointOfNoReturn("only-forward");
        Raised raised = Raised.by(context, steps, id, "restart-member", steps::restart, () -> {});
        try {
            context.step(
                    "first-query", StepOptions.DEFAULT.attempts(20), attempt -> steps.query(id));
        } catch (StepFailed unreached) {
            // It runs; where its addresses lead is for the watch to see to.
            context.transact("mark-unreached", c -> steps.started(c, raised, Optional.empty()));
            throw unreached;
        }
        context.transact("mark-running", c -> steps.started(c, raised, Optional.empty()));
        return InstanceOutcome.interrupted(id, raised.up().interruptionMs());
    }
}
