package dev.toygres.orchestrations.backup;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import java.time.Duration;

/**
 * A backup that can be relied on (R4.40-R4.52): taken from the freshest replica, else from the
 * primary; verified; and only then listed as good.
 *
 * <p>A failover in its middle ends the attempt, and the next one begins with the members as they
 * are then. Failed or cancelled, it is listed as Failed with the reason, and nothing relies on it.
 */
public final class CreateBackup implements Flow<BackupInput, BackupOutcome> {
    /** A failover, and one more. */
    private static final int TURNS = 3;

    static final StepOptions LONG =
            StepOptions.DEFAULT
                    .attempts(3)
                    .attemptTimeout(Duration.ofDays(2))
                    .deadline(Duration.ofHours(12))
                    .asAbortable();

    /** A host that is gone takes no backup either. */
    private static final StepOptions BRIEF =
            StepOptions.DEFAULT.attempts(2).attemptTimeout(Duration.ofSeconds(20)).asAbortable();

    /** As long as a failover may take. */
    private static final StepOptions PATIENT =
            StepOptions.DEFAULT
                    .attempts(60)
                    .backoff(Duration.ofMillis(200), Duration.ofSeconds(5))
                    .asAbortable();

    private final BackupSteps steps;
    private final Expiry expiry;

    public CreateBackup(BackupSteps steps, Expiry expiry) {
        this.steps = steps;
        this.expiry = expiry;
    }

    @Override
    public BackupOutcome run(Context context, BackupInput input) {
        try {
            return create(context, input);
        } catch (StepFailed failure) {
            context.pointOfNoReturn("keep-evidence");
            sweep(context, input);
            context.transact("mark-failed", c -> steps.failed(c, input, failure));
            throw failure;
        }
    }

    private BackupOutcome create(Context context, BackupInput input) {
        context.onUndo(
                "mark-cancelled",
                undo -> {
                    sweep(undo, input);
                    undo.transact("cancelled", c -> steps.cancelled(c, input));
                });
        context.transact("validate", c -> steps.validate(c, input));
        take(context, input);
        context.progress(0.8, "verifying");
        context.step("verify", LONG, attempt -> steps.verify(attempt, input));
        context.pointOfNoReturn("it-is-good");
        context.transact("make-available", c -> steps.available(c, input));
        context.progress(0.95, "applying the retention");
        expiry.apply(context, input.backupId());
        return BackupOutcome.of(input);
    }

    /** R6.4: what a dump is going to hold is said before it begins. */
    private String words(Context context, int turn, BackupInput input, Source source) {
        if (steps.isPhysical(input)) {
            return "backing up " + source.memberId();
        }
        Estimate estimate =
                context.step(
                        "estimate-" + turn,
                        PATIENT.attempts(3),
                        Estimate.class,
                        attempt -> steps.estimate(attempt, input, source));
        return "dumping %s, about %d MB of tables"
                .formatted(String.join(", ", estimate.databases()), (estimate.bytes() >> 20) + 1);
    }

    private void take(Context context, BackupInput input) {
        for (int turn = 1; ; turn++) {
            Source source =
                    context.step(
                            "choose-source-" + turn,
                            PATIENT,
                            Source.class,
                            _ -> steps.choose(input));
            context.progress(0.1, words(context, turn, input, source));
            // Else it went on at the agent, and the engine listed what nobody had asked for.
            context.onUndo(
                    "end-" + turn,
                    undo -> undo.step("end", BRIEF, attempt -> steps.end(attempt, source)));
            try {
                context.step(
                        "take-backup-" + turn, LONG, attempt -> steps.take(attempt, input, source));
                return;
            } catch (StepFailed failure) {
                // Two that write to one repository would take each other's entries out.
                context.step("end-attempt-" + turn, BRIEF, attempt -> steps.end(attempt, source));
                if (turn == TURNS) {
                    throw failure;
                }
                context.transact("try-anew-" + turn, c -> steps.anew(c, input, failure));
            }
        }
    }

    /** A store that is dead is left as it is. */
    private void sweep(Context context, BackupInput input) {
        try {
            context.step("sweep", BRIEF, attempt -> steps.sweep(attempt, input));
        } catch (StepFailed dead) {
            context.transact("leave-it-there", _ -> {});
        }
    }
}
