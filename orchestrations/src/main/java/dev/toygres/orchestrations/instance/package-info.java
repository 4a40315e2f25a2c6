/** Create, stop, start, restart and delete an instance. */
@NullMarked
package dev.toygres.orchestrations.instance;

import org.jspecify.annotations.NullMarked;
