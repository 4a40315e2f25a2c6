/** REST for the audit log. */
@NullMarked
package dev.toygres.server.audit;

import org.jspecify.annotations.NullMarked;
