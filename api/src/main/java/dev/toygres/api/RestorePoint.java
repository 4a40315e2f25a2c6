package dev.toygres.api;

import java.time.Instant;

/** A position in the WAL with a name. */
public record RestorePoint(String name, Instant createdAt, String lsn, int timeline) {}
