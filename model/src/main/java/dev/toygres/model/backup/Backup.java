package dev.toygres.model.backup;

import dev.toygres.model.Lsn;
import java.time.Instant;
import java.util.Optional;

/**
 * A backup, as far as decisions need it.
 *
 * @param basedOn the backup whose files it needs, of an Incremental
 * @param stoppedAt the earliest time that it can be restored to
 * @param wal of a physical one: what makes it consistent
 */
public record Backup(
        String id,
        BackupKind kind,
        BackupState state,
        Optional<String> basedOn,
        Instant startedAt,
        Instant stoppedAt,
        Optional<Wal> wal,
        boolean pinned) {

    /** From the checkpoint that it starts at to where it is consistent. */
    public record Wal(int timeline, Lsn start, Lsn stop) {}

    public boolean isGood() {
        return state == BackupState.Available;
    }

    boolean isPhysical() {
        return kind.isPhysical();
    }
}
