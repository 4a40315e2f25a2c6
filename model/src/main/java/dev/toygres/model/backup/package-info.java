/** Backups: when they are due, which are kept, what can be restored. Pure decisions. */
@NullMarked
package dev.toygres.model.backup;

import org.jspecify.annotations.NullMarked;
