package dev.toygres.api;

import java.time.Instant;
import java.util.Optional;

/**
 * POST /restores. At most one of pointInTime, xid, restorePoint, lsn and latest says up to where;
 * with none of them the backup is restored as it is.
 *
 * @param backupId from which; default: the one that gets there with the least WAL
 * @param sourceInstanceId whose backups, where no backupId is given; also of an instance that is
 *     gone
 * @param xid a transaction, as pg_current_xact_id() shows it
 * @param inclusive whether with what is at that very point; default: true
 */
public record RestoreRequest(
        Optional<String> backupId,
        Optional<String> sourceInstanceId,
        RestoreTarget target,
        Optional<Instant> pointInTime,
        Optional<Long> xid,
        Optional<String> restorePoint,
        Optional<String> lsn,
        Optional<Boolean> latest,
        Optional<Boolean> inclusive) {}
