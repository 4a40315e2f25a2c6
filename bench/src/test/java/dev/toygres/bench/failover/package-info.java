@NullMarked
package dev.toygres.bench.failover;

import org.jspecify.annotations.NullMarked;
