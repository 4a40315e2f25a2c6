/** How to use the module, as tests that run. */
@NullMarked
package dev.toygres.durable.examples;

import org.jspecify.annotations.NullMarked;
