@NullMarked
package dev.toygres.orchestrations.parameter;

import org.jspecify.annotations.NullMarked;
