/** The stable addresses of instances: HAProxy and PgBouncer. */
@NullMarked
package dev.toygres.agent.routing;

import org.jspecify.annotations.NullMarked;
