/** Backups: where they go, taking, checking and letting go of them, and their schedule. */
@NullMarked
package dev.toygres.orchestrations.backup;

import org.jspecify.annotations.NullMarked;
