/** REST for hosts. */
@NullMarked
package dev.toygres.server.host;

import org.jspecify.annotations.NullMarked;
