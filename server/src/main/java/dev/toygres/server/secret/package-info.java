/** Secrets over REST: they go in, and never come out. */
@NullMarked
package dev.toygres.server.secret;

import org.jspecify.annotations.NullMarked;
