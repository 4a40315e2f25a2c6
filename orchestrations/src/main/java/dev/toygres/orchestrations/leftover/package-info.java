/** What could not be destroyed with the rest, because its host does not answer. */
@NullMarked
package dev.toygres.orchestrations.leftover;

import org.jspecify.annotations.NullMarked;
