/** Restores that are rehearsed, so that nobody has to hope. */
@NullMarked
package dev.toygres.orchestrations.drill;

import org.jspecify.annotations.NullMarked;
