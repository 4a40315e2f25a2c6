package dev.toygres.orchestrations.backup;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import java.util.Optional;

/** A position in the WAL gets a name that one can restore to (R4.57), and is archived. */
public final class CreateRestorePoint implements Flow<PointInput, BackupOutcome> {
    private final PointSteps steps;

    public CreateRestorePoint(PointSteps steps) {
        this.steps = steps;
    }

    @Override
    public BackupOutcome run(Context context, PointInput input) {
        Members.One primary =
                context.transact("find-primary", Members.One.class, c -> steps.primary(c, input));
        PointSteps.Made made =
                context.step(
                        "make-point",
                        StepOptions.DEFAULT.asAbortable(),
                        PointSteps.Made.class,
                        attempt -> steps.make(attempt, input, primary));
        if (!made.known()) {
            context.step(
                    "look",
                    StepOptions.DEFAULT.asAbortable(),
                    attempt -> steps.look(attempt, made));
        }
        keep(context, input, made);
        return new BackupOutcome(input.instanceId(), Optional.empty());
    }

    /** A point that only the catalogue knows is one all the same. */
    private void keep(Context context, PointInput input, PointSteps.Made made) {
        try {
            context.step(
                    "keep-in-store",
                    StepOptions.DEFAULT.attempts(2).asAbortable(),
                    attempt -> steps.keep(attempt, input, made));
        } catch (StepFailed storeAway) {
            context.transact("not-in-store", _ -> {});
        }
    }
}
