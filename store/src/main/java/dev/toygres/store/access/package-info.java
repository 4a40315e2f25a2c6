/** Access control in the catalogue: API tokens, the audit log, idempotency keys. */
@NullMarked
package dev.toygres.store.access;

import org.jspecify.annotations.NullMarked;
