/** REST for instances. */
@NullMarked
package dev.toygres.server.instance;

import org.jspecify.annotations.NullMarked;
