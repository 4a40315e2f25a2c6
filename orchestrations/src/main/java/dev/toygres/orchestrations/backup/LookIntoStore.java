package dev.toygres.orchestrations.backup;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepOptions;
import java.util.Optional;

/**
 * What is in the store is written down. After a failover WAL comes in on a new timeline: where it
 * left the old one stands in the archive only, and without that the window would stand still.
 */
public final class LookIntoStore implements Flow<LookInput, BackupOutcome> {
    private final StoreLook stores;

    public LookIntoStore(StoreLook stores) {
        this.stores = stores;
    }

    @Override
    public BackupOutcome run(Context context, LookInput input) {
        context.step(
                "look",
                StepOptions.DEFAULT.asAbortable(),
                attempt -> stores.look(attempt, input.repositoryId()));
        return new BackupOutcome(input.instanceId(), Optional.empty());
    }
}
