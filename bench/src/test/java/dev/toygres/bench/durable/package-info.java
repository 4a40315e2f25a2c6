/** What the module durable costs, beside a peer. */
@NullMarked
package dev.toygres.bench.durable;

import org.jspecify.annotations.NullMarked;
