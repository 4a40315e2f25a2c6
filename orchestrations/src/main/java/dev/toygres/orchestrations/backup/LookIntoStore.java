package dev.toygres.orchestrations.backup;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.durable.StepOptions;
import dev.toygres.store.Catalogue;
import dev.toygres.store.backup.RepositoryStore;
import java.util.Optional;

/**
 * What is in the store is written down. After a failover WAL comes in on a new timeline: where it
 * left the old one stands in the archive only, and without that the window would stand still.
 */
public final class LookIntoStore implements Flow<LookInput, BackupOutcome> {
    private final Catalogue catalogue;
    private final StoreLook stores;

    public LookIntoStore(Catalogue catalogue, StoreLook stores) {
        this.catalogue = catalogue;
        this.stores = stores;
    }

    @Override
    public BackupOutcome run(Context context, LookInput input) {
        context.step(
                "look",
                StepOptions.DEFAULT.asAbortable(),
                attempt ->
                        stores.look(
                                attempt,
                                catalogue
                                        .jdbi()
                                        .withHandle(
                                                handle ->
                                                        RepositoryStore.find(
                                                                handle, input.repositoryId()))
                                        .orElseThrow(
                                                () ->
                                                        new PermanentFailure(
                                                                "the repository is gone"))));
        return new BackupOutcome(input.instanceId(), Optional.empty());
    }
}
