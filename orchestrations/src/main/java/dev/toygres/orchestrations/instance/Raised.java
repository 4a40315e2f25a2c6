package dev.toygres.orchestrations.instance;

import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.Context;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;

/** A primary that was brought up by order. */
record Raised(Primary primary, MemberUp up) {

    /** What brings it up. */
    @FunctionalInterface
    interface Raising {
        MemberUp carryOut(Attempt attempt, Primary primary);
    }

    /**
     * Within a flow; see {@link InstanceSteps#down} for where it does not come up.
     *
     * @param step its name
     * @param beforeDown what is done for the instance all the same, then
     */
    static Raised by(
            Context context,
            InstanceSteps steps,
            String id,
            String step,
            Raising raising,
            Runnable beforeDown) {
        try {
            Primary primary =
                    context.transact("find-primary", Primary.class, c -> steps.primary(c, id));
            context.step(
                    "claim-lane", StepOptions.DEFAULT, attempt -> steps.claim(attempt, primary));
            MemberUp up =
                    context.step(
                            step,
                            StepOptions.DEFAULT,
                            MemberUp.class,
                            attempt -> raising.carryOut(attempt, primary));
            return new Raised(primary, up);
        } catch (StepFailed failure) {
            beforeDown.run();
            context.transact("mark-down", c -> steps.down(c, id, failure));
            throw failure;
        }
    }
}
