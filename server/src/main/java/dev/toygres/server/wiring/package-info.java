/** The only place where parts are put together. */
@NullMarked
package dev.toygres.server.wiring;

import org.jspecify.annotations.NullMarked;
