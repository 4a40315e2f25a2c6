/** The server's part in leases: who renews, who votes, and what proves an expiry (ADR 12). */
@NullMarked
package dev.toygres.orchestrations.lease;

import org.jspecify.annotations.NullMarked;
