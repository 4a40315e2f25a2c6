package dev.toygres.orchestrations.backup;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;

/** Every file of a backup is read again and held against its checksum. */
public final class VerifyBackup implements Flow<BackupInput, BackupOutcome> {
    private final BackupSteps steps;

    public VerifyBackup(BackupSteps steps) {
        this.steps = steps;
    }

    @Override
    public BackupOutcome run(Context context, BackupInput input) {
        context.progress(0.1, "reading the whole backup");
        context.step("verify", CreateBackup.LONG, attempt -> steps.verifyAgain(attempt, input));
        return BackupOutcome.of(input);
    }
}
