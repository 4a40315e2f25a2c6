/** REST for API tokens. */
@NullMarked
package dev.toygres.server.token;

import org.jspecify.annotations.NullMarked;
