/** Restores: to a new instance, over an existing one, back again, and rehearsed. */
@NullMarked
package dev.toygres.orchestrations.restore;

import org.jspecify.annotations.NullMarked;
