package dev.toygres.orchestrations.parameter;

import dev.toygres.agentapi.OrderResult.Configured;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepOptions;
import dev.toygres.orchestrations.parameter.Course.Stop;
import java.time.Duration;

/**
 * Members that were away when the agreed settings changed are given them. Started by the watch. A
 * replica is restarted where they take that; a primary never is: what it cannot take without stays
 * pending, for all to see.
 */
public final class KeepParameters implements Flow<ParameterInput, ParameterOutcome> {
    private static final StepOptions MEMBER =
            StepOptions.DEFAULT
                    .attempts(1)
                    .attemptTimeout(Duration.ofMinutes(5))
                    .deadline(Duration.ofMinutes(5));

    private final ParameterSteps steps;

    public KeepParameters(ParameterSteps steps) {
        this.steps = steps;
    }

    @Override
    public ParameterOutcome run(Context context, ParameterInput input) {
        String instance = input.instanceId();
        Course course =
                context.step("find", StepOptions.DEFAULT, Course.class, _ -> steps.stale(instance));
        for (Stop stop : course.stops()) {
            context.step(
                    "claim-" + stop.memberId(), StepOptions.DEFAULT, one -> steps.claim(one, stop));
            Configured configured =
                    context.step(
                            "give-" + stop.memberId(),
                            MEMBER,
                            Configured.class,
                            one -> steps.give(one, instance, stop));
            if (configured.restarted()) {
                context.step(
                        "see-streaming-" + stop.memberId(),
                        SetParameters.PROMPT,
                        _ -> steps.seeStreaming(stop, instance));
            }
        }
        return new ParameterOutcome(instance, context.operationId(), 0);
    }
}
