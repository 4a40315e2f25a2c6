package dev.toygres.api;

import java.time.Instant;
import java.util.Optional;

/**
 * A backup. It outlives its instance.
 *
 * @param state Creating, Available (only these can be relied on, once they are verified), Failed,
 *     Damaged or Deleting
 * @param cause manual, scheduled, after-restore or imported
 * @param basedOn the backup whose files an Incremental needs
 * @param sourceMember from which member it was taken
 * @param completedAt the earliest point in time that it can be restored to
 * @param startLsn where its WAL begins
 * @param stopLsn where it is consistent
 * @param sizeBytes of the files in it
 * @param storedBytes that it takes in the store
 * @param pinned whether it is kept whatever the retention says
 * @param verifiedAt when its checksums were last found right; absent: nobody has looked since it
 *     was imported, or could not be deleted
 * @param trouble why it is Failed or Damaged
 * @param formerInstance present where the instance that it is of is gone, whoever has its name now
 */
public record Backup(
        String id,
        String instanceId,
        BackupType backupType,
        String state,
        Optional<String> label,
        String cause,
        Optional<String> basedOn,
        Optional<String> sourceMember,
        Instant startedAt,
        Optional<Instant> completedAt,
        Optional<Integer> timeline,
        Optional<String> startLsn,
        Optional<String> stopLsn,
        Optional<Long> sizeBytes,
        Optional<Long> storedBytes,
        boolean pinned,
        Optional<Instant> verifiedAt,
        Optional<String> trouble,
        Optional<String> operationId,
        Optional<FormerInstance> formerInstance) {}
