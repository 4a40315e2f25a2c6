/** What is measured, and how it is printed. */
@NullMarked
package dev.toygres.bench;

import org.jspecify.annotations.NullMarked;
