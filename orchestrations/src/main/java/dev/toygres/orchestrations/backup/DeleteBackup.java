package dev.toygres.orchestrations.backup;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.durable.StepFailed;
import dev.toygres.model.backup.BackupState;
import dev.toygres.store.Catalogue;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.BackupRow;
import dev.toygres.store.backup.RepositoryStore;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * A backup goes, on somebody's wish. Never one that another needs, or that is pinned or in use. One
 * that the store does not let go of is what it was before, with the reason.
 */
public final class DeleteBackup implements Flow<BackupInput, BackupOutcome> {
    private final Expiry expiry;

    public DeleteBackup(Expiry expiry) {
        this.expiry = expiry;
    }

    @Override
    public BackupOutcome run(Context context, BackupInput input) {
        context.pointOfNoReturn("only-forward");
        BackupState former =
                context.transact("note-state", BackupState.class, c -> row(c, input).state());
        Expiry.Drops drops =
                context.transact("mark-deleting", Expiry.Drops.class, c -> mark(c, input));
        try {
            expiry.let(context, drops);
        } catch (StepFailed failure) {
            context.transact("keep-it", c -> keep(c, input, former, failure));
            throw failure;
        }
        return BackupOutcome.of(input);
    }

    private static BackupRow row(Connection connection, BackupInput input) {
        return BackupCatalogue.find(Catalogue.within(connection), input.backupId())
                .orElseThrow(() -> new PermanentFailure("it is gone already"));
    }

    private static Expiry.Drops mark(Connection connection, BackupInput input) {
        Handle handle = Catalogue.within(connection);
        BackupRow row = row(connection, input);
        RepositoryStore.lock(handle, row.repositoryId());
        Needed.refusal(handle, row)
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

    /** Part of it may be gone: until it is verified nobody knows. */
    private static void keep(
            Connection connection, BackupInput input, BackupState former, StepFailed failure) {
        BackupCatalogue.keep(
                Catalogue.within(connection),
                input.backupId(),
                former,
                "verify it, it could not be deleted: " + failure.getMessage());
    }
}
