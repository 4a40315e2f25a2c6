/** A real agent with real Postgres servers, spoken to over HTTP. */
@NullMarked
package dev.toygres.agent;

import org.jspecify.annotations.NullMarked;
