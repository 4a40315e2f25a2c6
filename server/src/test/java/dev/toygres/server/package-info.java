/** The server as a caller meets it, over HTTP. */
@NullMarked
package dev.toygres.server;

import org.jspecify.annotations.NullMarked;
