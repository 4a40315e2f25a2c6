package dev.toygres.model.backup;

import dev.toygres.model.Lsn;
import java.time.Instant;

/** Up to where a restore goes (D12). */
public sealed interface RestoreTarget {
    /** To the end of what is archived. */
    record Latest() implements RestoreTarget {}

    /** The backup as it is (R4.39). */
    record BackupItself() implements RestoreTarget {}

    /**
     * @param inclusive with what was committed at that very time
     */
    record Time(Instant at, boolean inclusive) implements RestoreTarget {}

    /**
     * @param xid as {@code pg_current_xact_id()} shows it
     * @param inclusive with that transaction
     */
    record Transaction(long xid, boolean inclusive) implements RestoreTarget {}

    /**
     * A restore point.
     *
     * @param timeline on which it was made
     */
    record Named(String name, int timeline, Lsn position) implements RestoreTarget {}

    /**
     * @param inclusive with the record that begins there
     */
    record Position(Lsn lsn, boolean inclusive) implements RestoreTarget {}
}
