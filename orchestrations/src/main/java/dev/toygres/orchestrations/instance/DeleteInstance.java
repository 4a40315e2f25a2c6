package dev.toygres.orchestrations.instance;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepOptions;
import dev.toygres.orchestrations.backup.Departure;
import dev.toygres.orchestrations.leftover.Demolition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything of the instance goes; its name last. The operation at work on it is cancelled, or
 * waited for where it cannot be. A host that does not answer holds it up for a minute: what is
 * there goes when the host is back, and the name is held until then.
 */
public final class DeleteInstance implements Flow<InstanceInput, InstanceOutcome> {
    private final InstanceSteps steps;
    private final Demolition demolition;

    private final Departure departure;

    public DeleteInstance(InstanceSteps steps, Demolition demolition, Departure departure) {
        this.steps = steps;
        this.demolition = demolition;
        this.departure = departure;
    }

    @Override
    public InstanceOutcome run(Context context, InstanceInput input) {
        String id = input.instanceId();
        context.pointOfNoReturn("only-forward");
        takeOver(context, id);
        Remains remains =
                context.transact("find-remains", Remains.class, c -> steps.remains(c, id));
        List<String> left = new ArrayList<>();
        remains.endpointHost()
                .flatMap(host -> demolition.endpoint(context, id, host, remains.term()))
                .ifPresent(left::add);
        for (Primary member : remains.members()) {
            demolition
                    .member(context, id, member.memberId(), member.hostId(), member.term())
                    .ifPresent(left::add);
        }
        departure.leave(context, id, input.keepBackups().orElse(true));
        context.transact("free-the-name", connection -> steps.forget(connection, id));
        return InstanceOutcome.without(id, left);
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
}
