/** Backups in the catalogue: they outlive their instance. */
@NullMarked
package dev.toygres.store.backup;

import org.jspecify.annotations.NullMarked;
