package dev.toygres.orchestrations.backup;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.Context;
import dev.toygres.durable.Operations;
import dev.toygres.durable.StepOptions;
import dev.toygres.model.InstanceId;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.orchestrations.Orders;
import dev.toygres.store.Catalogue;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What becomes of the backups of an instance that goes (P53): they stay, or go with it. */
public final class Departure {
    private static final StepOptions PATIENT =
            StepOptions.DEFAULT
                    .attempts(StepOptions.FOREVER)
                    .backoff(Duration.ofMillis(200), Duration.ofSeconds(30))
                    .attemptTimeout(Duration.ofHours(6))
                    .deadline(Duration.ofMinutes(30));

    private final Catalogue catalogue;
    private final Orders orders;
    private final Operations operations;
    private final Repositories repositories;
    private final StoreLook stores;
    private final InstantSource clock;

    public Departure(
            Catalogue catalogue,
            Orders orders,
            Operations operations,
            Repositories repositories,
            StoreLook stores,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.operations = operations;
        this.repositories = repositories;
        this.stores = stores;
        this.clock = clock;
    }

    /** Ids of repositories. */
    record Left(List<String> repositories) {}

    /** After the members are gone: nobody archives any more. */
    public void leave(Context context, String id, boolean keepBackups) {
        context.step("cancel-backup", PATIENT, _ -> cancelBackup(id));
        Left left = context.transact("leave-backups", Left.class, c -> left(c, id, keepBackups));
        for (String repository : left.repositories()) {
            context.step("delete-" + repository, PATIENT, attempt -> delete(attempt, repository));
            context.transact(
                    "forget-" + repository,
                    c -> RepositoryStore.remove(Catalogue.within(c), repository));
        }
    }

    /** It has nothing left to back up; asked again until it has ended. */
    private void cancelBackup(String id) {
        operations
                .holder(Lanes.ofBackups(id))
                .ifPresent(
                        holder -> {
                            operations.cancel(holder);
                            throw new IllegalStateException(holder + " has not ended yet");
                        });
    }

    private Left left(Connection connection, String id, boolean keepBackups) {
        Handle handle = Catalogue.within(connection);
        List<RepositoryRow> all = RepositoryStore.of(handle, id);
        boolean hadOne = all.stream().anyMatch(RepositoryRow::attached);
        RepositoryStore.detach(handle, id);
        RepositoryStore.bereave(handle, id, clock.instant());
        return new Left(
                keepBackups || !hadOne
                        ? List.of()
                        : all.stream()
                                .filter(RepositoryRow::attached)
                                .map(RepositoryRow::id)
                                .toList());
    }

    private void delete(Attempt attempt, String repositoryId) {
        RepositoryRow row =
                catalogue
                        .jdbi()
                        .withHandle(handle -> RepositoryStore.find(handle, repositoryId))
                        .orElseThrow();
        orders.carryOut(
                attempt,
                stores.host(attempt, row),
                row.instanceId(),
                new BackupOrder.DeleteRepository(
                        new InstanceId(row.instanceId()), repositories.of(row)));
    }
}
