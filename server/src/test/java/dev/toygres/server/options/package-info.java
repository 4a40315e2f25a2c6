/** Options. */
@NullMarked
package dev.toygres.server.options;

import org.jspecify.annotations.NullMarked;
