/** Postgres parameters of an instance: what is agreed, what a change would do, and doing it. */
@NullMarked
package dev.toygres.orchestrations.parameter;

import org.jspecify.annotations.NullMarked;
