package dev.toygres.model.backup;

/** How much time goes into making backups small. The names are part of the REST contract. */
public enum Compression {
    None,
    Fast,
    Balanced,
    Best
}
