/** Access control on a real Postgres. */
@NullMarked
package dev.toygres.store.access;

import org.jspecify.annotations.NullMarked;
