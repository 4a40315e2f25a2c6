package dev.toygres.orchestrations.failover;

import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.durable.Context;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.orchestrations.endpoint.Takeover;
import java.time.Duration;

/**
 * The old primary serves again, because the new one has come to nothing. A dead host of the
 * addresses does not hold that up: another one serves them, or the watch sees to it later (S13).
 */
final class ServingAgain {
    /** Some minutes, and then somebody is asked. */
    private static final StepOptions BACK =
            StepOptions.DEFAULT
                    .attempts(100)
                    .backoff(Duration.ofMillis(100), Duration.ofSeconds(5))
                    .deadline(Duration.ofMinutes(2));

    private static final StepOptions SOON =
            StepOptions.DEFAULT
                    .attempts(8)
                    .backoff(Duration.ofMillis(100), Duration.ofSeconds(1))
                    .attemptTimeout(Duration.ofSeconds(20));

    private final FailoverSteps steps;
    private final Takeover takeover;

    ServingAgain(FailoverSteps steps, Takeover takeover) {
        this.steps = steps;
        this.takeover = takeover;
    }

    void run(Context context, String name, Cast cast) {
        reopen(
                context,
                cast,
                context.step(name, BACK, MemberUp.class, attempt -> steps.unfence(attempt, cast)));
    }

    /** Answers whether it does: a host that is away is not waited for. */
    boolean runUnlessAway(Context context, String name, Cast cast) {
        Resumed resumed =
                context.step(name, BACK, Resumed.class, attempt -> steps.resume(attempt, cast));
        resumed.up().ifPresent(up -> reopen(context, cast, up));
        return resumed.up().isPresent();
    }

    private void reopen(Context context, Cast cast, MemberUp up) {
        try {
            context.step("reopen-endpoint", SOON, attempt -> steps.reopen(attempt, cast, up));
        } catch (StepFailed away) {
            if (takeover.asBefore(context, cast.instanceId(), up.address()).isEmpty()) {
                context.transact("reopen-later", _ -> {});
            }
        }
    }
}
