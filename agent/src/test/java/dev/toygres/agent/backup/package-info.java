/** Tests of backups. */
@NullMarked
package dev.toygres.agent.backup;

import org.jspecify.annotations.NullMarked;
