@NullMarked
package dev.toygres.orchestrations.lease;

import org.jspecify.annotations.NullMarked;
