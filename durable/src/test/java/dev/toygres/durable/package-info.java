@NullMarked
package dev.toygres.durable;

import org.jspecify.annotations.NullMarked;
