package dev.toygres.orchestrations.instance;

import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;

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
        Restarted done = restarted(context, id);
        try {
            context.step(
                    "first-query", StepOptions.DEFAULT.attempts(20), attempt -> steps.query(id));
        } catch (StepFailed unreached) {
            // It runs; where its addresses lead is for the watch to see to.
            context.transact("mark-unreached", c -> steps.restarted(c, done.primary(), done.up()));
            throw unreached;
        }
        context.transact("mark-running", c -> steps.restarted(c, done.primary(), done.up()));
        return InstanceOutcome.interrupted(id, done.up().interruptionMs());
    }

    private record Restarted(Primary primary, MemberUp up) {}

    private Restarted restarted(Context context, String id) {
        try {
            Primary primary =
                    context.transact("find-primary", Primary.class, c -> steps.primary(c, id));
            context.step(
                    "claim-lane", StepOptions.DEFAULT, attempt -> steps.claim(attempt, primary));
            MemberUp up =
                    context.step(
                            "restart-member",
                            StepOptions.DEFAULT,
                            MemberUp.class,
                            attempt -> steps.restart(attempt, primary));
            return new Restarted(primary, up);
        } catch (StepFailed failure) {
            context.transact("mark-down", c -> steps.down(c, id, failure));
            throw failure;
        }
    }
}
