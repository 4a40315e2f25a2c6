package dev.toygres.orchestrations.restore;

import dev.toygres.agentapi.BackupResult.DumpRestored;
import dev.toygres.agentapi.OrderResult.EndpointUp;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.orchestrations.instance.InstanceSteps;
import dev.toygres.orchestrations.instance.Primary;
import dev.toygres.orchestrations.leftover.Demolition;
import java.util.Optional;

/**
 * A new instance with the databases and roles of a dump (R4.4, R6.4), of the dump's major or a
 * newer one. Nobody is let in before all of it is there.
 *
 * <p>Cancelled, it leaves nothing behind. Failed, it keeps its evidence, as a creation does.
 */
public final class RestoreDumpToNew implements Flow<RestoreInput, RestoreOutcome> {
    private final RestoreSteps steps;
    private final InstanceSteps instances;
    private final Demolition demolition;

    public RestoreDumpToNew(RestoreSteps steps, InstanceSteps instances, Demolition demolition) {
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
        String backupId = input.backupId().orElseThrow();
        context.onUndo(
                "free-the-name",
                undo ->
                        undo.transact(
                                "forget",
                                c -> {
                                    instances.forget(c, id);
                                    steps.cancelled(c, context.operationId());
                                }));
        context.transact("begin", c -> steps.beginDump(c, context.operationId(), input, backupId));
        Primary primary =
                context.transact("place-primary", Primary.class, c -> instances.place(c, id));
        context.transact("make-secrets", c -> instances.makeSecrets(c, id));

        context.onUndo("destroy-member", undo -> destroy(undo, primary));
        context.step(
                "claim-lane", StepOptions.DEFAULT, attempt -> instances.claim(attempt, primary));
        context.progress(0.1, "creating " + primary.memberId() + " on " + primary.hostId());
        MemberUp up =
                context.step(
                        "create-member",
                        StepOptions.DEFAULT.attempts(3).asAbortable(),
                        MemberUp.class,
                        attempt -> instances.create(attempt, primary));
        context.progress(0.3, "restoring " + backupId);
        DumpRestored restored =
                context.step(
                        "restore-dump",
                        RestoreToNew.LONG,
                        DumpRestored.class,
                        attempt -> steps.restoreDump(attempt, input, backupId, primary));

        context.progress(0.85, "opening the endpoint");
        context.onUndo("close-endpoint", undo -> close(undo, primary));
        EndpointUp endpoint =
                context.step(
                        "open-endpoint",
                        StepOptions.DEFAULT.asAbortable(),
                        EndpointUp.class,
                        attempt -> instances.openEndpoint(attempt, primary, up.address()));
        context.progress(0.95, "asking the first query");
        context.step(
                "first-query",
                StepOptions.DEFAULT.attempts(20).asAbortable(),
                _ -> instances.firstQuery(id, endpoint.ports()));
        context.transact(
                "mark-running",
                c -> {
                    instances.created(c, primary, up, endpoint.ports());
                    steps.completedDump(c, context.operationId(), restored);
                });
        return new RestoreOutcome(id, backupId, Optional.empty(), "");
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
