/** Postgres servers of this host: made, started, stopped, brought back, destroyed. */
@NullMarked
package dev.toygres.agent.member;

import org.jspecify.annotations.NullMarked;
