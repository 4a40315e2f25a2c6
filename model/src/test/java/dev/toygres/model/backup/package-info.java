@NullMarked
package dev.toygres.model.backup;

import org.jspecify.annotations.NullMarked;
