package dev.toygres.agentapi;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;

/** Up to where WAL is replayed; {@code inclusive}: with what stands at that very point. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RecoveryTarget.BackupEnd.class, name = "BackupEnd"),
    @JsonSubTypes.Type(value = RecoveryTarget.Latest.class, name = "Latest"),
    @JsonSubTypes.Type(value = RecoveryTarget.Time.class, name = "Time"),
    @JsonSubTypes.Type(value = RecoveryTarget.Transaction.class, name = "Transaction"),
    @JsonSubTypes.Type(value = RecoveryTarget.Position.class, name = "Position"),
    @JsonSubTypes.Type(value = RecoveryTarget.Name.class, name = "Name")
})
public sealed interface RecoveryTarget {

    /** As soon as the backup is consistent: what a set outside the window can do only. */
    record BackupEnd() implements RecoveryTarget {}

    /**
     * All that is archived. Not for a set whose WAL was expired: that would end early in silence.
     */
    record Latest() implements RecoveryTarget {}

    /** The last commit up to a time, to the microsecond. */
    record Time(Instant at, boolean inclusive) implements RecoveryTarget {}

    /**
     * The commit of a transaction.
     *
     * @param xid as pg_current_xact_id() shows it, or without its epoch
     */
    record Transaction(long xid, boolean inclusive) implements RecoveryTarget {}

    /** A position in WAL. */
    record Position(String lsn, boolean inclusive) implements RecoveryTarget {}

    /** A restore point: see {@link BackupOrder.CreateRestorePoint}. */
    record Name(String name) implements RecoveryTarget {}
}
