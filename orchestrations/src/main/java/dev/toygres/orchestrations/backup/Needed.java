package dev.toygres.orchestrations.backup;

import dev.toygres.model.backup.Backup;
import dev.toygres.model.backup.BackupKind;
import dev.toygres.model.backup.BackupState;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.BackupRow;
import dev.toygres.store.backup.RepositoryStore;
import dev.toygres.store.backup.RestoreStore;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Why a backup may not go. */
final class Needed {
    private Needed() {}

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
        List<BackupRow> others =
                BackupCatalogue.in(handle, row.repositoryId()).stream()
                        .filter(one -> !one.id().equals(row.id()))
                        .toList();
        return byAnother(row, others).or(() -> asTheLast(handle, row, others));
    }

    private static Optional<String> byAnother(BackupRow row, List<BackupRow> others) {
        return others.stream()
                .map(BackupRow::facts)
                .filter(one -> one.basedOn().equals(Optional.of(row.id())))
                .filter(one -> one.state() != BackupState.Failed)
                .map(Backup::id)
                .findFirst()
                .map(needs -> "%s needs %s: delete it first".formatted(needs, row.id()));
    }

    /**
     * The engine does not let go of the last full one alone. Where nobody archives any more it goes
     * with the whole repository.
     */
    private static Optional<String> asTheLast(
            Handle handle, BackupRow row, List<BackupRow> others) {
        if (row.kind() != BackupKind.Full || row.engineLabel().isEmpty()) {
            return Optional.empty();
        }
        List<BackupRow> stored =
                others.stream()
                        .filter(one -> one.engineLabel().isPresent())
                        .filter(one -> one.state() != BackupState.Deleting)
                        .toList();
        if (stored.stream().anyMatch(one -> one.kind() == BackupKind.Full)) {
            return Optional.empty();
        }
        if (RepositoryStore.find(handle, row.repositoryId()).orElseThrow().attached()) {
            return Optional.of(
                    "%s is the last full backup of %s, and what is archived goes on from it: take another first (toygres backup create %s)"
                            .formatted(row.id(), row.instanceId(), row.instanceId()));
        }
        return stored.stream()
                .findFirst()
                .map(
                        one ->
                                "%s goes with all that is there, and %s is there as well: delete that first"
                                        .formatted(row.id(), one.id()));
    }
}
