package dev.toygres.orchestrations.backup;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupResult.Expired;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.Context;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.model.InstanceId;
import dev.toygres.model.backup.Backup;
import dev.toygres.model.backup.BackupKind;
import dev.toygres.model.backup.BackupState;
import dev.toygres.model.backup.Retention;
import dev.toygres.orchestrations.Orders;
import dev.toygres.store.Catalogue;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.BackupRow;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import dev.toygres.store.backup.RestoreStore;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * Lets backups go that nobody has to keep (R4.51): decided, marked, deleted, and then forgotten.
 */
public final class Expiry {
    private static final StepOptions LONG =
            StepOptions.DEFAULT.attempts(3).attemptTimeout(Duration.ofHours(6));

    private final Catalogue catalogue;
    private final Orders orders;
    private final Repositories repositories;
    private final StoreLook stores;
    private final InstantSource clock;

    public Expiry(
            Catalogue catalogue,
            Orders orders,
            Repositories repositories,
            StoreLook stores,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.repositories = repositories;
        this.stores = stores;
        this.clock = clock;
    }

    /** What has to go, and the full backup since which WAL is kept whole. */
    record Drops(
            String repositoryId,
            List<String> ids,
            List<String> physical,
            List<String> dumps,
            Optional<String> keepWalSince) {
        boolean none() {
            return ids.isEmpty();
        }
    }

    /** The retention of the repository that holds the backup. What is left over goes next time. */
    void apply(Context context, String backupId) {
        apply(
                context,
                handle -> BackupCatalogue.find(handle, backupId).orElseThrow().repositoryId());
    }

    /** Where no backup comes that would see to it. */
    void applyTo(Context context, String repositoryId) {
        apply(context, _ -> repositoryId);
    }

    private void apply(Context context, Function<Handle, String> repository) {
        Drops drops = context.transact("decide-retention", Drops.class, c -> decide(c, repository));
        if (drops.none()) {
            return;
        }
        try {
            let(context, drops);
        } catch (StepFailed later) {
            context.transact("expire-later", _ -> {});
        }
    }

    /** Marked Deleting, they go. */
    void let(Context context, Drops drops) {
        context.step("expire", LONG, attempt -> expire(attempt, drops));
        context.transact("forget-expired", c -> forget(c, drops));
    }

    private Drops decide(Connection connection, Function<Handle, String> repository) {
        Handle handle = Catalogue.within(connection);
        String id = repository.apply(handle);
        RepositoryStore.lock(handle, id);
        Retention.Verdict verdict = verdict(handle, id);
        RepositoryStore.walFrom(handle, id, verdict.walFrom());
        verdict.walFrom()
                .flatMap(from -> BackupCatalogue.find(handle, from))
                .ifPresent(from -> RepositoryStore.forgetSamples(handle, id, from.startedAt()));
        verdict.drop()
                .forEach(
                        drop ->
                                BackupCatalogue.state(
                                        handle, drop, BackupState.Deleting, Optional.empty()));
        return drops(handle, id, verdict.drop(), verdict.walFrom());
    }

    /** As it would be decided now. */
    Retention.Verdict verdict(Handle handle, String repositoryId) {
        RepositoryRow repository = RepositoryStore.find(handle, repositoryId).orElseThrow();
        List<Backup> backups =
                BackupCatalogue.in(handle, repositoryId).stream().map(BackupRow::facts).toList();
        return Retention.decide(
                backups,
                repository.retention(),
                repository.timeZone(),
                clock.instant(),
                RestoreStore.backupsInUse(handle));
    }

    static Drops drops(
            Handle handle, String repositoryId, List<String> ids, Optional<String> walFrom) {
        List<BackupRow> all = BackupCatalogue.in(handle, repositoryId);
        List<BackupRow> gone = ids.stream().flatMap(id -> find(all, id).stream()).toList();
        return new Drops(
                repositoryId,
                ids,
                labels(gone, true),
                labels(gone, false),
                walFrom.flatMap(id -> find(all, id))
                        .map(one -> fullOf(all, one))
                        .flatMap(BackupRow::engineLabel));
    }

    private static List<String> labels(List<BackupRow> rows, boolean physical) {
        return rows.stream()
                .filter(one -> one.kind().isPhysical() == physical)
                .flatMap(one -> one.engineLabel().stream())
                .toList();
    }

    private static BackupRow fullOf(List<BackupRow> all, BackupRow one) {
        return one.kind() == BackupKind.Full
                ? one
                : one.basedOn()
                        .flatMap(id -> find(all, id))
                        .map(needed -> fullOf(all, needed))
                        .orElse(one);
    }

    private static Optional<BackupRow> find(List<BackupRow> all, String id) {
        return all.stream().filter(one -> one.id().equals(id)).findFirst();
    }

    private void expire(Attempt attempt, Drops drops) {
        RepositoryRow row =
                catalogue
                        .jdbi()
                        .withHandle(handle -> RepositoryStore.find(handle, drops.repositoryId()))
                        .orElseThrow();
        if (catalogue.jdbi().withHandle(handle -> leavesNothing(handle, row, drops))) {
            orders.carryOut(
                    attempt,
                    stores.host(attempt, row),
                    row.instanceId(),
                    new BackupOrder.DeleteRepository(
                            new InstanceId(row.instanceId()), repositories.of(row)));
        } else {
            expire(attempt, drops, row);
        }
    }

    /** Nobody archives there, and nothing is left that could be restored: WAL alone is no use. */
    private static boolean leavesNothing(Handle handle, RepositoryRow row, Drops drops) {
        return !row.attached()
                && BackupCatalogue.in(handle, row.id()).stream()
                        .filter(one -> one.engineLabel().isPresent())
                        .allMatch(one -> drops.ids().contains(one.id()));
    }

    private void expire(Attempt attempt, Drops drops, RepositoryRow row) {
        InstanceId owner = new InstanceId(row.instanceId());
        String host = stores.host(attempt, row);
        if (!drops.physical().isEmpty()) {
            orders.carryOut(
                    attempt,
                    host,
                    row.instanceId(),
                    new BackupOrder.ExpireBackups(
                            owner, repositories.of(row), drops.physical(), drops.keepWalSince()),
                    Expired.class);
        }
        for (String label : drops.dumps()) {
            orders.carryOut(
                    attempt,
                    label,
                    host,
                    row.instanceId(),
                    new BackupOrder.DeleteDump(owner, repositories.of(row), label));
        }
    }

    private static void forget(Connection connection, Drops drops) {
        Handle handle = Catalogue.within(connection);
        RepositoryRow row = RepositoryStore.find(handle, drops.repositoryId()).orElseThrow();
        if (leavesNothing(handle, row, drops)) {
            RepositoryStore.remove(handle, row.id());
        } else {
            drops.ids().forEach(id -> BackupCatalogue.remove(handle, id));
        }
    }
}
