/** Failovers over REST. */
@NullMarked
package dev.toygres.server.failover;

import org.jspecify.annotations.NullMarked;
