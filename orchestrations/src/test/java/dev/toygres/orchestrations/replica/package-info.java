@NullMarked
package dev.toygres.orchestrations.replica;

import org.jspecify.annotations.NullMarked;
