package dev.toygres.orchestrations;

import dev.toygres.durable.FlowType;
import dev.toygres.durable.LaneTaken;
import dev.toygres.durable.Operations;
import dev.toygres.durable.StartRequest;
import dev.toygres.model.Refused;
import dev.toygres.model.health.Work;
import dev.toygres.orchestrations.backup.BackupFlows;
import dev.toygres.orchestrations.endpoint.EndpointFlows;
import dev.toygres.orchestrations.parameter.ParameterFlows;
import dev.toygres.orchestrations.replica.ReplicaFlows;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** Whoever changes the topology of an instance holds its lane: one at a time (P13). */
public final class Lanes {
    private static final String BUSY = "operation-in-progress";

    /** Ten seconds in all: housekeeping takes tenths of one. */
    private static final int TURNS = 500;

    private static final long PAUSE_NANOS = 20_000_000;

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

    /** One backup at a time per instance (D11), beside whatever else is at work on it. */
    public <I> String startBackup(Handle handle, FlowType<I, ?> flow, String instanceId, I input) {
        refuseFor(instanceId, holder(instanceId).filter(this::setsUpBackups));
        return start(handle, flow, instanceId, input, Optional.of(ofBackups(instanceId)));
    }

    private boolean setsUpBackups(String operationId) {
        return operations
                .find(operationId)
                .filter(one -> one.type().equals(BackupFlows.CONFIGURE.name()))
                .isPresent();
    }

    /**
     * Sets the instance's store up. Agents obey the newest who orders something about a store, so
     * nobody else does meanwhile: a backup that is being taken would be refused the rest.
     */
    public <I> String startSetUp(Handle handle, FlowType<I, ?> flow, String instanceId, I input) {
        refuseFor(instanceId, operations.holder(ofBackups(instanceId)));
        return start(handle, flow, instanceId, input);
    }

    /** A question about the instance: beside whatever is at work on it, and asked once. */
    public <I> String startQuestion(
            Handle handle, FlowType<I, ?> flow, String instanceId, I input) {
        return start(handle, flow, instanceId, input, Optional.of(ofQuestions(instanceId)));
    }

    /** The operation that asks it. */
    public Optional<String> question(String instanceId) {
        return operations.holder(ofQuestions(instanceId));
    }

    /** Whether an answer to it would still count. */
    public boolean isOpen(String question) {
        return operations.find(question).filter(one -> !one.cancelRequested()).isPresent();
    }

    /** Answers whether there was one. */
    public boolean withdrawQuestion(String instanceId) {
        return question(instanceId).filter(operations::cancel).isPresent();
    }

    private static String ofQuestions(String instanceId) {
        return "question/" + instanceId;
    }

    /** One drill at a time per instance, beside whatever else is at work on it. */
    public <I> String startDrill(Handle handle, FlowType<I, ?> flow, String instanceId, I input) {
        return start(handle, flow, instanceId, input, Optional.of("drill/" + instanceId));
    }

    /** One look into the store at a time per instance, beside backups and all else. */
    public <I> String startLook(Handle handle, FlowType<I, ?> flow, String instanceId, I input) {
        return start(handle, flow, instanceId, input, Optional.of("look/" + instanceId));
    }

    /**
     * One restore point at a time per instance: a backup may take hours, a deployment cannot wait.
     */
    public <I> String startPoint(Handle handle, FlowType<I, ?> flow, String instanceId, I input) {
        return start(handle, flow, instanceId, input, Optional.of("point/" + instanceId));
    }

    public static String ofBackups(String instanceId) {
        return "backup/" + instanceId;
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
        Once.made(handle, operationId);
        return operationId;
    }

    /**
     * Makes the request once no housekeeping is in its way: a user does not have to know that the
     * watch is settling something just now. What a user or another request started is not waited
     * for.
     */
    public <T> T afterHousekeeping(String instanceId, Supplier<T> request) {
        for (int turn = 0; ; turn++) {
            try {
                return request.get();
            } catch (Refused refused) {
                if (!refused.code().equals(BUSY) || turn == TURNS || !isHousekeeping(instanceId)) {
                    throw refused;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private boolean isHousekeeping(String instanceId) {
        return holder(instanceId)
                .flatMap(operations::find)
                .map(operation -> Housekeeping.is(operation.type()))
                .orElse(true);
    }

    /** Operations that can be taken up again, or are taken up again by whoever sees the need. */
    private static final Set<String> YIELDING =
            Set.of(
                    ReplicaFlows.SETTLE.name(),
                    ReplicaFlows.ADD.name(),
                    ReplicaFlows.REBUILD.name(),
                    ReplicaFlows.REJOIN.name(),
                    ParameterFlows.SET.name(),
                    ParameterFlows.KEEP.name(),
                    EndpointFlows.MOVE.name());

    /** Whether what holds the lane makes room for an automatic failover (P48). */
    public static Work work(Operations operations, String operationId) {
        return operations
                .find(operationId)
                .<Work>map(
                        one ->
                                YIELDING.contains(one.type())
                                        ? new Work.Yields(one.id(), one.type())
                                        : new Work.Holds(one.id(), one.type()))
                .orElse(new Work.None());
    }

    public void refuseWhileBusy(String instanceId) {
        refuseFor(instanceId, holder(instanceId));
    }

    private static void refuseFor(String instanceId, Optional<String> holder) {
        holder.ifPresent(
                one -> {
                    throw busy(instanceId, one);
                });
    }

    private static Refused busy(String instanceId, String holder) {
        return Refused.conflict(
                BUSY,
                "operation %s is at work on instance %s; wait for it, or cancel it"
                        .formatted(holder, instanceId));
    }
}
