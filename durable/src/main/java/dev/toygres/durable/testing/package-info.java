/** For tests of flows: loses the engine at every journal write and looks what comes of it. */
@NullMarked
package dev.toygres.durable.testing;

import org.jspecify.annotations.NullMarked;
