/** Black-box scenarios: the launcher, the client, real processes, real kills. */
@NullMarked
package dev.toygres.e2e;

import org.jspecify.annotations.NullMarked;
