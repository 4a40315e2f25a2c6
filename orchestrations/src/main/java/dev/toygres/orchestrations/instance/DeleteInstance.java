package dev.toygres.orchestrations.instance;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepOptions;
import dev.toygres.orchestrations.backup.Departure;
import dev.toygres.store.MemberRow;
import java.time.Duration;
import java.util.Optional;

/**
 * Everything of the instance goes; its name last. The operation at work on it is cancelled, or
 * waited for where it cannot be.
 */
public final class DeleteInstance implements Flow<InstanceInput, InstanceOutcome> {
    /** A host that is away holds the name until it is back, or forgotten. */
    private static final StepOptions PATIENT =
            StepOptions.DEFAULT
                    .attempts(StepOptions.FOREVER)
                    .backoff(Duration.ofMillis(200), Duration.ofSeconds(30))
                    .deadline(Duration.ofMinutes(5));

    private final InstanceSteps steps;
    private final Departure departure;

    public DeleteInstance(InstanceSteps steps, Departure departure) {
        this.steps = steps;
        this.departure = departure;
    }

    @Override
    public InstanceOutcome run(Context context, InstanceInput input) {
        String id = input.instanceId();
        context.pointOfNoReturn("only-forward");
        takeOver(context, id);
        Optional<Primary> placed =
                Optional.ofNullable(
                        context.transact(
                                        "find-primary",
                                        Placed.class,
                                        connection -> steps.placed(connection, id))
                                .primary());
        for (Primary replica : steps.findReplicas(context, id, MemberRow.Stage.values())) {
            String name = replica.memberId();
            context.step("claim-" + name, PATIENT, attempt -> steps.claim(attempt, replica));
            context.step("destroy-" + name, PATIENT, attempt -> steps.destroy(attempt, replica));
        }
        placed.ifPresent(primary -> tearDown(context, primary));
        departure.leave(context, id, input.keepBackups().orElse(true));
        context.transact("free-the-name", connection -> steps.forget(connection, id));
        return InstanceOutcome.of(id);
    }

    private void takeOver(Context context, String id) {
        for (int turn = 0; ; turn++) {
            boolean mine =
                    context.transact(
                            "take-lane-" + turn,
                            Boolean.class,
                            connection -> steps.takeLane(connection, context.operationId(), id));
            if (mine) {
                return;
            }
            context.step(
                    "cancel-other-" + turn, StepOptions.DEFAULT, attempt -> steps.cancelOther(id));
            context.sleep("wait-for-other-" + turn, pause(turn));
        }
    }

    private static Duration pause(int turn) {
        return Duration.ofMillis(Math.min(10_000, 200L << Math.min(turn, 10)));
    }

    private void tearDown(Context context, Primary primary) {
        context.step("claim-lane", PATIENT, attempt -> steps.claim(attempt, primary));
        context.step("close-endpoint", PATIENT, attempt -> steps.closeEndpoint(attempt, primary));
        context.step("destroy-member", PATIENT, attempt -> steps.destroy(attempt, primary));
    }
}
