/** The words of the lease protocol: for now only its clock. */
@NullMarked
package dev.toygres.agentapi.lease;

import org.jspecify.annotations.NullMarked;
