@NullMarked
package dev.toygres.orchestrations.restore;

import org.jspecify.annotations.NullMarked;
