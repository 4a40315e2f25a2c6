package dev.toygres.model.backup;

/** What a backup is (D11). The names are part of the REST contract. */
public enum BackupKind {
    /** All files of the instance. */
    Full,
    /** The files that changed since the backup before it, which it needs. */
    Incremental,
    /** A dump of databases by pg_dump, with the roles: restorable, but to no point in time. */
    Logical;

    public boolean isPhysical() {
        return this != Logical;
    }
}
