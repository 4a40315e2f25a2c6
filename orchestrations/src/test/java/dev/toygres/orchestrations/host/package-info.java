@NullMarked
package dev.toygres.orchestrations.host;

import org.jspecify.annotations.NullMarked;
