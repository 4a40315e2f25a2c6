/** Parts of the edge by themselves. */
@NullMarked
package dev.toygres.server.edge;

import org.jspecify.annotations.NullMarked;
