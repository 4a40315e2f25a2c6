/** The toygres server: REST in front of the desks. */
@NullMarked
package dev.toygres.server;

import org.jspecify.annotations.NullMarked;
