package dev.toygres.api;

import java.util.List;
import java.util.Optional;

/**
 * What a backup is.
 *
 * @param kind Full, Incremental (what changed since the backup before it; with its WAL it reaches
 *     every point in time) or Logical (a dump of databases with the roles: restorable to a new
 *     instance, to no point in time)
 * @param databases of a Logical; default: all
 * @param schemaOnly of a Logical: without the data; default: false
 */
public record BackupType(
        String kind, Optional<List<String>> databases, Optional<Boolean> schemaOnly) {}
