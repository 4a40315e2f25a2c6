@NullMarked
package dev.toygres.orchestrations.failover;

import org.jspecify.annotations.NullMarked;
