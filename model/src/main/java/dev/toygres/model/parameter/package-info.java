/** Postgres parameters: what they are, what may be set, and what a change would do. */
@NullMarked
package dev.toygres.model.parameter;

import org.jspecify.annotations.NullMarked;
