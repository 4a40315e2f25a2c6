/** The watch over the health of instances: what is seen, what is decided, what is begun. */
@NullMarked
package dev.toygres.orchestrations.health;

import org.jspecify.annotations.NullMarked;
