/** How many instances one server watches, and what that costs it. */
@NullMarked
package dev.toygres.bench.scale;

import org.jspecify.annotations.NullMarked;
