/** Moving the primary: one way to fail over, whoever asks. */
@NullMarked
package dev.toygres.orchestrations.failover;

import org.jspecify.annotations.NullMarked;
