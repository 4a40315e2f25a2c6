@NullMarked
package dev.toygres.orchestrations.backup;

import org.jspecify.annotations.NullMarked;
