/** What the server is made of. */
@NullMarked
package dev.toygres.server.wiring;

import org.jspecify.annotations.NullMarked;
