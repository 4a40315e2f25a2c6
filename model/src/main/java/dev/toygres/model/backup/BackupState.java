package dev.toygres.model.backup;

/** Where a backup stands. The names are part of the REST contract. */
public enum BackupState {
    /** Being taken, or taken and not yet verified: nobody may rely on it. */
    Creating,
    /** Verified: its files by their checksums, and the WAL that makes them consistent is there. */
    Available,
    /** It was never complete; there is nothing of it to restore. */
    Failed,
    /** It was good once; a later look found it broken. */
    Damaged,
    /** Its files are going. */
    Deleting
}
