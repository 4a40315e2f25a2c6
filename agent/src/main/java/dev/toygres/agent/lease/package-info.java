/** Leases of primaries, and the vouchers of electors: ADR 12. */
@NullMarked
package dev.toygres.agent.lease;

import org.jspecify.annotations.NullMarked;
