/** Health and automatic failover over REST. */
@NullMarked
package dev.toygres.server.health;

import org.jspecify.annotations.NullMarked;
