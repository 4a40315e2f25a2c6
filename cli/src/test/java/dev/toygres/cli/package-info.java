@NullMarked
package dev.toygres.cli;

import org.jspecify.annotations.NullMarked;
