/** Durable orchestrations as plain Java on one Postgres database. See the module's README. */
@NullMarked
package dev.toygres.durable;

import org.jspecify.annotations.NullMarked;
