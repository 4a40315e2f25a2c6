package dev.toygres.orchestrations.drill;

import dev.toygres.agentapi.BackupResult.Checked;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.orchestrations.instance.InstanceFlows;
import dev.toygres.orchestrations.instance.InstanceInput;
import dev.toygres.orchestrations.restore.RestoreFlows;
import dev.toygres.orchestrations.restore.RestoreInput;
import dev.toygres.orchestrations.restore.RestoreOutcome;
import dev.toygres.orchestrations.restore.RestoreWish;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A rehearsal: what the archive holds is restored to a throw-away instance on any host, as if the
 * source were lost that very moment; started, looked through, timed, and dropped. It fails when the
 * restore fails or what came back is not sound; that it took too long is an alert.
 */
public final class RestoreDrill implements Flow<DrillInput, DrillOutcome> {
    private static final StepOptions LONG =
            StepOptions.DEFAULT
                    .attempts(2)
                    .attemptTimeout(Duration.ofHours(13))
                    .deadline(Duration.ofHours(6))
                    .asAbortable();

    private final DrillSteps steps;

    public RestoreDrill(DrillSteps steps) {
        this.steps = steps;
    }

    @Override
    public DrillOutcome run(Context context, DrillInput input) {
        Instant asked = context.now("asked");
        String name = DrillSteps.nameOf(context.operationId());
        context.onUndo("drop", undo -> cancelled(undo, name));
        context.transact("begin", c -> steps.begin(c, context.operationId(), input, asked));
        try {
            DrillOutcome outcome = rehearse(context, input, name, asked);
            drop(context, name);
            context.pointOfNoReturn("it-is-over");
            context.transact("pass", c -> steps.passed(c, context.operationId()));
            return outcome;
        } catch (StepFailed failure) {
            context.transact("fail", c -> steps.failed(c, context.operationId(), failure));
            throw failure;
        }
    }

    private DrillOutcome rehearse(Context context, DrillInput input, String name, Instant asked) {
        context.transact("place", c -> steps.place(c, input, name));
        context.progress(0.1, "restoring the newest backup to " + name);
        RestoreOutcome restored =
                context.child(
                        "restore",
                        RestoreFlows.TO_NEW,
                        new RestoreInput(
                                name,
                                input.repositoryId(),
                                Optional.empty(),
                                RestoreWish.Goal.ofLatest(),
                                Optional.of(true)));
        Duration took = Duration.between(asked, context.now("restored"));
        context.transact(
                "note-time", c -> steps.restored(c, context.operationId(), restored, took));
        context.progress(0.6, "looking through what came back");
        Checked checked =
                context.step(
                        "check", LONG, Checked.class, attempt -> steps.check(attempt, input, name));
        context.transact("note-checks", c -> steps.checked(c, context.operationId(), checked));
        requireSound(context, checked);
        return steps.outcome(context.operationId());
    }

    private static void requireSound(Context context, Checked checked) {
        List<String> faults = DrillSteps.faults(checked);
        if (!faults.isEmpty()) {
            context.step(
                    "require-sound",
                    StepOptions.DEFAULT.attempts(1),
                    _ -> {
                        throw new PermanentFailure(
                                "what came back is not sound: " + String.join("; ", faults));
                    });
        }
    }

    private static void drop(Context context, String name) {
        context.progress(0.9, "dropping " + name);
        var _ = context.child("drop", InstanceFlows.DELETE, new InstanceInput(name));
    }

    private void cancelled(Context undo, String name) {
        drop(undo, name);
        undo.transact("end", c -> steps.cancelled(c, undo.operationId()));
    }
}
