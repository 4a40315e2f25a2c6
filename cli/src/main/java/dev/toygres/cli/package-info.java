/** The command line: one class for each command, on top of the Java client. */
@NullMarked
package dev.toygres.cli;

import org.jspecify.annotations.NullMarked;
