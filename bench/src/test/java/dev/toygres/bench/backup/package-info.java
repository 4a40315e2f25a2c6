/** Backups and restores, beside the bare engine and pg_basebackup. */
@NullMarked
package dev.toygres.bench.backup;

import org.jspecify.annotations.NullMarked;
