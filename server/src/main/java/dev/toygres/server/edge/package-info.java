/**
 * What every request passes: who it is, whether it may, what is written down about it, and how
 * errors look.
 */
@NullMarked
package dev.toygres.server.edge;

import org.jspecify.annotations.NullMarked;
