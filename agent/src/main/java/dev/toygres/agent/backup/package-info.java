/** Backups: the engine behind our own interface, WAL archive, restore, dumps. */
@NullMarked
package dev.toygres.agent.backup;

import org.jspecify.annotations.NullMarked;
