package dev.toygres.orchestrations.backup;

import dev.toygres.model.backup.WalSegment;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import org.jdbi.v3.core.Handle;

/** What the catalogue knows of the WAL in a store grows with it, between two looks into it. */
final class ArchivedWal {
    private ArchivedWal() {}

    /**
     * WAL comes in one after the other: what came last says that all before it came.
     *
     * @return whether that could be said: only a look finds a timeline that is new
     */
    static boolean grow(Handle handle, String repositoryId, WalSegment newest) {
        RepositoryStore.lock(handle, repositoryId);
        RepositoryRow row = RepositoryStore.find(handle, repositoryId).orElseThrow();
        var grown = newest.addedTo(row.wal());
        grown.filter(wal -> !wal.equals(row.wal()))
                .ifPresent(wal -> RepositoryStore.grown(handle, repositoryId, wal));
        return grown.isPresent();
    }
}
