@NullMarked
package dev.toygres.model.parameter;

import org.jspecify.annotations.NullMarked;
