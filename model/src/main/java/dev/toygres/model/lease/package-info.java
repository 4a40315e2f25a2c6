/** The times of the lease protocol (ADR 12): pure arithmetic. */
@NullMarked
package dev.toygres.model.lease;

import org.jspecify.annotations.NullMarked;
