package dev.toygres.orchestrations.instance;

import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.agentapi.OrderResult.EndpointUp;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.orchestrations.endpoint.Takeover;
import dev.toygres.store.MemberRow;
import java.util.Optional;

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
        // Also where the primary does not come up: one of them may take over.
        Runnable replicas = () -> replicas(context, id);
        Raised raised = Raised.by(context, steps, id, "start-member", steps::start, replicas);
        replicas.run();
        Optional<EndpointUp> endpoint;
        try {
            endpoint = open(context, raised.primary(), raised.up());
            endpoint.ifPresent(
                    open ->
                            context.step(
                                    "first-query",
                                    StepOptions.DEFAULT.attempts(20),
                                    attempt -> steps.firstQuery(id, open.ports())));
        } catch (StepFailed unreached) {
            context.transact("mark-unreached", c -> steps.started(c, raised, Optional.empty()));
            throw unreached;
        }
        Optional<EndpointPorts> ports = endpoint.map(EndpointUp::ports);
        context.transact("mark-running", c -> steps.started(c, raised, ports));
        return InstanceOutcome.of(id);
    }

    private void replicas(Context context, String id) {
        for (Primary replica : steps.findReplicas(context, id, MemberRow.Stage.Ready)) {
            start(context, replica);
        }
    }

    /**
     * S13: where their host does not answer, the addresses are served by another one; where there
     * is none, the watch opens them once it does, and who knows the members is served.
     */
    private Optional<EndpointUp> open(Context context, Primary primary, MemberUp up) {
        try {
            return Optional.of(
                    context.step(
                            "open-endpoint",
                            StepOptions.DEFAULT,
                            EndpointUp.class,
                            attempt -> steps.openEndpoint(attempt, primary, up.address())));
        } catch (StepFailed away) {
            return takeover.asBefore(context, primary.instanceId(), up.address());
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
