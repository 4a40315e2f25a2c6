package dev.toygres.orchestrations.backup;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import java.util.Optional;

/**
 * Backups expire where no other follows that would see to it: their instance is gone or stopped,
 * archives elsewhere, or has its schedule paused.
 */
public final class ApplyRetention implements Flow<LookInput, BackupOutcome> {
    private final Expiry expiry;

    public ApplyRetention(Expiry expiry) {
        this.expiry = expiry;
    }

    @Override
    public BackupOutcome run(Context context, LookInput input) {
        expiry.applyTo(context, input.repositoryId());
        return new BackupOutcome(input.instanceId(), Optional.empty());
    }
}
