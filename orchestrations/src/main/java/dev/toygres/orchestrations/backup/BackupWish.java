package dev.toygres.orchestrations.backup;

import dev.toygres.model.backup.BackupKind;
import java.util.List;
import java.util.Optional;

/**
 * A wish for one backup, as it came in.
 *
 * @param kind Full, Incremental or Logical
 * @param databases of a Logical; empty: all
 */
public record BackupWish(
        String kind, List<String> databases, boolean schemaOnly, Optional<String> label) {

    /** Nobody's in particular. */
    static BackupWish of(BackupKind kind) {
        return new BackupWish(kind.name(), List.of(), false, Optional.empty());
    }
}
