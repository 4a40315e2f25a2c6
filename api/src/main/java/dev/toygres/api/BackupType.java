package dev.toygres.api;

/**
 * What a backup is.
 *
 * @param kind Full, or Incremental (what changed since the backup before it; with its WAL it
 *     reaches every point in time)
 */
public record BackupType(String kind) {}
