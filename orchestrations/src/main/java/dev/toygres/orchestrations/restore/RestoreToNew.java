package dev.toygres.orchestrations.restore;

import dev.toygres.agentapi.BackupResult.Restored;
import dev.toygres.agentapi.OrderResult.EndpointUp;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.orchestrations.instance.InstanceSteps;
import dev.toygres.orchestrations.instance.Primary;
import dev.toygres.orchestrations.leftover.Demolition;
import java.time.Duration;

/**
 * A new instance from a backup and WAL (R4.35). It has the source's data, owner and database, and
 * passwords, certificates and addresses of its own. It archives nowhere until it is told to (P52).
 *
 * <p>Cancelled, it leaves nothing behind. Failed, it keeps its evidence, as a creation does.
 */
public final class RestoreToNew implements Flow<RestoreInput, RestoreOutcome> {
    static final StepOptions LONG =
            StepOptions.DEFAULT
                    .attempts(3)
                    .attemptTimeout(Duration.ofDays(2))
                    .deadline(Duration.ofHours(12))
                    .asAbortable();

    private final RestoreSteps steps;
    private final InstanceSteps instances;
    private final Demolition demolition;

    public RestoreToNew(RestoreSteps steps, InstanceSteps instances, Demolition demolition) {
        this.steps = steps;
        this.instances = instances;
        this.demolition = demolition;
    }

    @Override
    public RestoreOutcome run(Context context, RestoreInput input) {
        try {
            return restore(context, input);
        } catch (StepFailed failure) {
            context.pointOfNoReturn("keep-evidence");
            context.transact(
                    "mark-failed", c -> steps.failedNew(c, context.operationId(), input, failure));
            throw failure;
        }
    }

    private RestoreOutcome restore(Context context, RestoreInput input) {
        String id = input.instanceId();
        context.onUndo(
                "free-the-name",
                undo ->
                        undo.transact(
                                "forget",
                                c -> {
                                    instances.forget(c, id);
                                    steps.cancelled(c, context.operationId());
                                }));
        context.transact("begin", c -> steps.begin(c, context.operationId(), "NewInstance", input));
        steps.flush(context, input);
        Chosen chosen =
                context.transact(
                        "choose", Chosen.class, c -> steps.choose(c, context.operationId(), input));
        Primary primary =
                context.transact("place-primary", Primary.class, c -> instances.place(c, id));
        context.transact("make-secrets", c -> instances.makeSecrets(c, id));

        context.onUndo("destroy-member", undo -> destroy(undo, primary));
        context.step(
                "claim-lane", StepOptions.DEFAULT, attempt -> instances.claim(attempt, primary));
        context.progress(0.1, "restoring " + chosen.backupId() + " on " + primary.hostId());
        Restored restored =
                context.step(
                        "restore-member",
                        LONG,
                        Restored.class,
                        attempt -> steps.restore(attempt, input, chosen, primary));
        context.transact(
                "note-what-was-reached",
                c -> steps.reached(c, context.operationId(), restored, primary));

        context.progress(0.85, "opening the endpoint");
        context.onUndo("close-endpoint", undo -> close(undo, primary));
        EndpointUp endpoint =
                context.step(
                        "open-endpoint",
                        StepOptions.DEFAULT.asAbortable(),
                        EndpointUp.class,
                        attempt -> instances.openEndpoint(attempt, primary, restored.address()));
        context.progress(0.95, "asking the first query");
        context.step(
                "first-query",
                StepOptions.DEFAULT.attempts(20).asAbortable(),
                _ -> instances.firstQuery(id, endpoint.ports()));
        context.transact(
                "mark-running",
                c -> {
                    instances.created(c, primary, up(restored), endpoint.ports());
                    steps.completed(c, context.operationId());
                });
        return new RestoreOutcome(
                id, chosen.backupId(), restored.lastTransactionAt(), restored.endLsn());
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

    private static MemberUp up(Restored restored) {
        return new MemberUp(restored.address(), restored.systemIdentifier(), 0);
    }
}
