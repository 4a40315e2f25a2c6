/** REST for operations, and watching them live. */
@NullMarked
package dev.toygres.server.operation;

import org.jspecify.annotations.NullMarked;
