/** The words of the lease protocol (ADR 12), and the clock that it runs on. */
@NullMarked
package dev.toygres.agentapi.lease;

import org.jspecify.annotations.NullMarked;
