package dev.toygres.orchestrations;

import dev.toygres.durable.FlowType;
import dev.toygres.durable.LaneTaken;
import dev.toygres.durable.Operations;
import dev.toygres.durable.StartRequest;
import dev.toygres.model.Refused;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Whoever changes the topology of an instance holds its lane: one at a time (P13). */
public final class Lanes {
    private final Operations operations;
    private final InstantSource clock;

    public Lanes(Operations operations, InstantSource clock) {
        this.operations = operations;
        this.clock = clock;
    }

    public static String of(String instanceId) {
        return "instance/" + instanceId;
    }

    /** The operation at work on the instance. */
    public Optional<String> holder(String instanceId) {
        return operations.holder(of(instanceId));
    }

    /**
     * Starts the flow on the lane, in the caller's transaction; answers the operation's id.
     *
     * @throws Refused when somebody is at work
     */
    public <I> String start(Handle handle, FlowType<I, ?> flow, String instanceId, I input) {
        return start(handle, flow, instanceId, input, Optional.of(of(instanceId)));
    }

    /** Starts a flow that takes the lane by itself, from whoever holds it. */
    public <I> String startWithout(Handle handle, FlowType<I, ?> flow, String instanceId, I input) {
        return start(handle, flow, instanceId, input, Optional.empty());
    }

    private <I> String start(
            Handle handle, FlowType<I, ?> flow, String instanceId, I input, Optional<String> lane) {
        String operationId = OperationIds.next(clock);
        try {
            operations.start(
                    handle.getConnection(),
                    new StartRequest<>(operationId, flow, input, Optional.of(instanceId), lane));
        } catch (LaneTaken taken) {
            throw busy(instanceId, taken.holder());
        }
        return operationId;
    }

    public void refuseWhileBusy(String instanceId) {
        holder(instanceId)
                .ifPresent(
                        holder -> {
                            throw busy(instanceId, holder);
                        });
    }

    private static Refused busy(String instanceId, String holder) {
        return Refused.conflict(
                "operation-in-progress",
                "operation %s is at work on instance %s; wait for it, or cancel it"
                        .formatted(holder, instanceId));
    }
}
