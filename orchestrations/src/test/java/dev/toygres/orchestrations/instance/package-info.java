@NullMarked
package dev.toygres.orchestrations.instance;

import org.jspecify.annotations.NullMarked;
