/** Health and metrics. */
@NullMarked
package dev.toygres.server.monitor;

import org.jspecify.annotations.NullMarked;
