@NullMarked
package dev.toygres.orchestrations;

import org.jspecify.annotations.NullMarked;
