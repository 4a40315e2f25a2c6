@NullMarked
package dev.toygres.orchestrations.drill;

import org.jspecify.annotations.NullMarked;
