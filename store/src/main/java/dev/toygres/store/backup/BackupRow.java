package dev.toygres.store.backup;

import dev.toygres.model.Lsn;
import dev.toygres.model.backup.Backup;
import dev.toygres.model.backup.BackupKind;
import dev.toygres.model.backup.BackupState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A backup as the catalogue has it.
 *
 * @param label what the user calls it
 * @param engineLabel what the engine calls it
 * @param cause manual, scheduled, or what else brought it about
 * @param sizeBytes of the files in it
 * @param storedBytes that it takes in the store
 * @param former where whose backup it is, is gone
 */
public record BackupRow(
        String id,
        String repositoryId,
        String instanceId,
        BackupKind kind,
        BackupState state,
        Optional<String> label,
        Optional<String> engineLabel,
        Optional<String> basedOn,
        List<String> databases,
        boolean schemaOnly,
        String cause,
        Optional<String> operationId,
        Optional<String> sourceMember,
        Instant startedAt,
        Optional<Instant> stoppedAt,
        Optional<Integer> timeline,
        Optional<Lsn> startLsn,
        Optional<Lsn> stopLsn,
        Optional<Long> sizeBytes,
        Optional<Long> storedBytes,
        boolean pinned,
        Optional<Instant> verifiedAt,
        Optional<String> trouble,
        Optional<Former> former) {

    /** One that is about to be taken. */
    public static BackupRow begun(
            String id,
            String repositoryId,
            String instanceId,
            BackupKind kind,
            Optional<String> label,
            List<String> databases,
            boolean schemaOnly,
            String cause,
            String operationId,
            Instant at) {
        return new BackupRow(
                id,
                repositoryId,
                instanceId,
                kind,
                BackupState.Creating,
                label,
                Optional.empty(),
                Optional.empty(),
                databases,
                schemaOnly,
                cause,
                Optional.of(operationId),
                Optional.empty(),
                at,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** As far as decisions need it. */
    public Backup facts() {
        return new Backup(
                id,
                kind,
                state,
                basedOn,
                startedAt,
                stoppedAt.orElse(startedAt),
                stopLsn.map(
                        stop -> new Backup.Wal(timeline.orElse(1), startLsn.orElse(stop), stop)),
                pinned);
    }
}
