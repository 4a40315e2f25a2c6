/** Backups and restores over REST. */
@NullMarked
package dev.toygres.server.backup;

import org.jspecify.annotations.NullMarked;
