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
            context.step(
                    "first-query", StepOptions.DEFAULT.attempts(20), attempt -> steps.query(id));
            context.transact(
                    "mark-running", connection -> steps.restarted(connection, primary, up));
            return InstanceOutcome.interrupted(id, up.interruptionMs());
        } catch (StepFailed failure) {
            context.transact("mark-failed", connection -> steps.failed(connection, id, failure));
            throw failure;
        }
    }
}
