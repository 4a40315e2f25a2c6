/** Replicas over REST. */
@NullMarked
package dev.toygres.server.replica;

import org.jspecify.annotations.NullMarked;
