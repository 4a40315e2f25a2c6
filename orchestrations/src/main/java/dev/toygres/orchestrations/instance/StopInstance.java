package dev.toygres.orchestrations.instance;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.model.InstanceEvent;
import dev.toygres.store.MemberRow;

/** Every process of the instance's Postgres ends; data and addresses stay. */
public final class StopInstance implements Flow<InstanceInput, InstanceOutcome> {
    private final InstanceSteps steps;

    public StopInstance(InstanceSteps steps) {
        this.steps = steps;
    }

    @Override
    public InstanceOutcome run(Context context, InstanceInput input) {
        String id = input.instanceId();
        // Half stopped is no state that anybody could want back.
        context.pointOfNoReturn("only-forward");
        try {
            Primary primary =
                    context.transact("find-primary", Primary.class, c -> steps.primary(c, id));
            context.step(
                    "claim-lane", StepOptions.DEFAULT, attempt -> steps.claim(attempt, primary));
            context.step(
                    "stop-member", StepOptions.DEFAULT, attempt -> steps.stop(attempt, primary));
            // After the primary, so that they have received all of it.
            for (Primary replica : steps.findReplicas(context, id, MemberRow.Stage.Ready)) {
                stop(context, replica);
            }
            context.transact(
                    "mark-stopped",
                    connection -> steps.move(connection, id, InstanceEvent.stopped));
            return InstanceOutcome.of(id);
        } catch (StepFailed failure) {
            context.transact("mark-failed", connection -> steps.failed(connection, id, failure));
            throw failure;
        }
    }

    /** One that cannot be stopped just now does not keep the instance from being so. */
    private void stop(Context context, Primary replica) {
        String name = replica.memberId();
        try {
            context.step("claim-" + name, StepOptions.DEFAULT, one -> steps.claim(one, replica));
            context.step("stop-" + name, StepOptions.DEFAULT, one -> steps.stop(one, replica));
        } catch (StepFailed away) {
            context.transact("without-" + name, _ -> {});
        }
    }
}
