package dev.toygres.orchestrations.backup;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.model.backup.Backup;
import dev.toygres.model.backup.BackupState;
import dev.toygres.store.Catalogue;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.BackupRow;
import dev.toygres.store.backup.RepositoryStore;
import dev.toygres.store.backup.RestoreStore;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** A backup goes, on somebody's wish. Never one that another needs, or that is pinned or in use. */
public final class DeleteBackup implements Flow<BackupInput, BackupOutcome> {
    private final Expiry expiry;

    public DeleteBackup(Expiry expiry) {
        this.expiry = expiry;
    }

    @Override
    public BackupOutcome run(Context context, BackupInput input) {
        context.pointOfNoReturn("only-forward");
        Expiry.Drops drops =
                context.transact("mark-deleting", Expiry.Drops.class, c -> mark(c, input));
        expiry.let(context, drops);
        return BackupOutcome.of(input);
    }

    private static Expiry.Drops mark(Connection connection, BackupInput input) {
        Handle handle = Catalogue.within(connection);
        BackupRow row =
                BackupCatalogue.find(handle, input.backupId())
                        .orElseThrow(() -> new PermanentFailure("it is gone already"));
        RepositoryStore.lock(handle, row.repositoryId());
        refusal(handle, row)
                .ifPresent(
                        reason -> {
                            throw new PermanentFailure(reason);
                        });
        BackupCatalogue.state(handle, row.id(), BackupState.Deleting, Optional.empty());
        return Expiry.drops(
                handle,
                row.repositoryId(),
                List.of(row.id()),
                RepositoryStore.find(handle, row.repositoryId()).orElseThrow().walFrom());
    }

    /** Why it may not go. */
    static Optional<String> refusal(Handle handle, BackupRow row) {
        if (row.pinned()) {
            return Optional.of(row.id() + " is pinned: unpin it first");
        }
        if (row.state() == BackupState.Creating) {
            return Optional.of(row.id() + " is being taken: cancel its operation first");
        }
        if (RestoreStore.backupsInUse(handle).contains(row.id())) {
            return Optional.of(row.id() + " is being restored");
        }
        return BackupCatalogue.in(handle, row.repositoryId()).stream()
                .map(BackupRow::facts)
                .filter(one -> one.basedOn().equals(Optional.of(row.id())))
                .filter(one -> one.state() != BackupState.Failed)
                .map(Backup::id)
                .findFirst()
                .map(needs -> "%s needs %s: delete it first".formatted(needs, row.id()));
    }
}
