@NullMarked
package dev.toygres.e2e;

import org.jspecify.annotations.NullMarked;
