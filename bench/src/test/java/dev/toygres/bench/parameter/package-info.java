/** What changes of parameters cost, and what the profiles gain. */
@NullMarked
package dev.toygres.bench.parameter;

import org.jspecify.annotations.NullMarked;
