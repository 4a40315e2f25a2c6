package dev.toygres.orchestrations.instance;

import dev.toygres.agentapi.OrderResult.EndpointUp;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.leftover.Demolition;
import dev.toygres.orchestrations.replica.ReplicaFlows;
import dev.toygres.orchestrations.replica.ReplicaInput;
import dev.toygres.store.MemberRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A wish becomes an instance that answers its first query through its stable endpoint.
 *
 * <p>Its replicas are added one after the other once it serves.
 *
 * <p>Cancelled, it leaves nothing behind, nor when its parameters cannot start a Postgres: that is
 * tried before anything is made. Failed otherwise, it keeps its evidence: the instance is Failed
 * with the reason, its operation can be retried, the instance deleted.
 */
public final class CreateInstance implements Flow<InstanceInput, InstanceOutcome> {
    private static final String TRIAL = "try-parameters";

    /** What Postgres cannot start with it cannot start with in a second either. */
    private static final StepOptions TRYING =
            StepOptions.DEFAULT
                    .retryOn(failure -> !(failure instanceof Orders.OrderFailed))
                    .attemptTimeout(Duration.ofMinutes(5))
                    .deadline(Duration.ofMinutes(5))
                    .asAbortable();

    private final InstanceSteps steps;
    private final Demolition demolition;

    public CreateInstance(InstanceSteps steps, Demolition demolition) {
        this.steps = steps;
        this.demolition = demolition;
    }

    @Override
    public InstanceOutcome run(Context context, InstanceInput input) {
        String id = input.instanceId();
        createPrimary(context, id);
        List<String> broken = new ArrayList<>();
        for (Primary replica : steps.findReplicas(context, id, MemberRow.Stage.Provisioning)) {
            if (!addReplica(context, id, replica.memberId())) {
                broken.add(replica.memberId());
            }
        }
        return InstanceOutcome.created(id, broken);
    }

    /** One that fails is Broken with its reason; the instance serves all the same. */
    private static boolean addReplica(Context context, String id, String replicaId) {
        try {
            context.child("add-" + replicaId, ReplicaFlows.ADD, new ReplicaInput(id, replicaId));
            return true;
        } catch (StepFailed broken) {
            context.transact("without-" + replicaId, _ -> {});
            return false;
        }
    }

    private void createPrimary(Context context, String id) {
        try {
            create(context, id);
            context.pointOfNoReturn("it-serves");
        } catch (StepFailed failure) {
            if (failure.step().equals(TRIAL)) {
                throw failure;
            }
            // The evidence stays: what was made is not undone any more.
            context.pointOfNoReturn("keep-evidence");
            context.transact("mark-failed", connection -> steps.failed(connection, id, failure));
            throw failure;
        }
    }

    private void create(Context context, String id) {
        context.onUndo("free-the-name", undo -> undo.transact("forget", c -> steps.forget(c, id)));
        context.progress(0.05, "choosing a host");
        Primary primary =
                context.transact(
                        "place-primary", Primary.class, connection -> steps.place(connection, id));
        context.transact("make-secrets", connection -> steps.makeSecrets(connection, id));

        context.onUndo("destroy-member", undo -> destroy(undo, primary));
        context.step("claim-lane", StepOptions.DEFAULT, attempt -> steps.claim(attempt, primary));
        context.step(TRIAL, TRYING, attempt -> steps.tryOut(attempt, primary));
        context.progress(0.1, "creating " + primary.memberId() + " on " + primary.hostId());
        MemberUp up =
                context.step(
                        "create-member",
                        StepOptions.DEFAULT.attempts(3).asAbortable(),
                        MemberUp.class,
                        attempt -> steps.create(attempt, primary));

        context.progress(0.7, "opening the endpoint");
        context.onUndo("close-endpoint", undo -> close(undo, primary));
        EndpointUp endpoint =
                context.step(
                        "open-endpoint",
                        StepOptions.DEFAULT.asAbortable(),
                        EndpointUp.class,
                        attempt -> steps.openEndpoint(attempt, primary, up.address()));

        context.progress(0.9, "asking the first query");
        context.step(
                "first-query",
                StepOptions.DEFAULT.attempts(20).asAbortable(),
                attempt -> steps.firstQuery(id, endpoint.ports()));
        context.transact(
                "mark-running",
                connection -> steps.created(connection, primary, up, endpoint.ports()));
    }

    private void destroy(Context undo, Primary primary) {
        var _ =
                demolition.member(
                        undo,
                        primary.instanceId(),
                        primary.memberId(),
                        primary.hostId(),
                        primary.term());
    }

    private void close(Context undo, Primary primary) {
        var _ = demolition.endpoint(undo, primary.instanceId(), primary.hostId(), primary.term());
    }
}
