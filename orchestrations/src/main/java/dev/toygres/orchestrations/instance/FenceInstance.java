package dev.toygres.orchestrations.instance;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.model.InstanceEvent;
import java.time.Duration;

/**
 * Nobody writes to the instance any more (D3): its primary is marked, so that it does not come back
 * writable (S11), and stopped, by force if it does not stop otherwise. Replicas go on serving
 * readers; no failover is begun of an instance that does not run.
 */
public final class FenceInstance implements Flow<InstanceInput, InstanceOutcome> {
    /** A fast stop ends all sessions and writes a checkpoint. */
    private static final StepOptions ORDERLY =
            StepOptions.DEFAULT.attempts(1).attemptTimeout(Duration.ofMinutes(1));

    private final InstanceSteps steps;

    public FenceInstance(InstanceSteps steps) {
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
            fence(context, primary);
            context.transact(
                    "mark-fenced", connection -> steps.move(connection, id, InstanceEvent.stopped));
            return InstanceOutcome.of(id);
        } catch (StepFailed failure) {
            context.transact("mark-failed", connection -> steps.failed(connection, id, failure));
            throw failure;
        }
    }

    private void fence(Context context, Primary primary) {
        try {
            context.step("fence-primary", ORDERLY, attempt -> steps.fence(attempt, primary));
        } catch (StepFailed hangs) {
            context.step(
                    "kill-primary", StepOptions.DEFAULT, attempt -> steps.kill(attempt, primary));
        }
    }
}
