/** Secrets that users put in: keys of stores and of backups. */
@NullMarked
package dev.toygres.orchestrations.secret;

import org.jspecify.annotations.NullMarked;
