package dev.toygres.orchestrations.instance;

import dev.toygres.agentapi.OrderResult.EndpointUp;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.orchestrations.endpoint.Takeover;
import dev.toygres.store.MemberRow;

/** The instance serves again at its old addresses, whatever of it is missing. */
public final class StartInstance implements Flow<InstanceInput, InstanceOutcome> {
    private final InstanceSteps steps;
    private final Takeover takeover;

    public StartInstance(InstanceSteps steps, Takeover takeover) {
        this.steps = steps;
        this.takeover = takeover;
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
                            "start-member",
                            StepOptions.DEFAULT,
                            MemberUp.class,
                            attempt -> steps.start(attempt, primary));
            for (Primary replica : steps.findReplicas(context, id, MemberRow.Stage.Ready)) {
                start(context, replica);
            }
            EndpointUp endpoint = open(context, primary, up);
            context.step(
                    "first-query",
                    StepOptions.DEFAULT.attempts(20),
                    attempt -> steps.firstQuery(id, endpoint.ports()));
            context.transact(
                    "mark-running",
                    connection -> steps.started(connection, primary, up, endpoint.ports()));
            return InstanceOutcome.of(id);
        } catch (StepFailed failure) {
            context.transact("mark-failed", connection -> steps.failed(connection, id, failure));
            throw failure;
        }
    }

    /** S13: where their host does not answer, the addresses are served by another one. */
    private EndpointUp open(Context context, Primary primary, MemberUp up) {
        try {
            return context.step(
                    "open-endpoint",
                    StepOptions.DEFAULT,
                    EndpointUp.class,
                    attempt -> steps.openEndpoint(attempt, primary, up.address()));
        } catch (StepFailed away) {
            return takeover.asBefore(context, primary.instanceId(), up.address())
                    .orElseThrow(() -> away);
        }
    }

    /** One that cannot be started just now does not keep the instance from serving. */
    private void start(Context context, Primary replica) {
        String name = replica.memberId();
        try {
            context.step("claim-" + name, StepOptions.DEFAULT, one -> steps.claim(one, replica));
            context.step(
                    "start-" + name,
                    StepOptions.DEFAULT,
                    MemberUp.class,
                    one -> steps.start(one, replica));
        } catch (StepFailed away) {
            context.transact("without-" + name, _ -> {});
        }
    }
}
