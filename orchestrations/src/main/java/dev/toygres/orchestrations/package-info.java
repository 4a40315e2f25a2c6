/** The flows of toygres, one file each, and the desk where a wish for one is taken. */
@NullMarked
package dev.toygres.orchestrations;

import org.jspecify.annotations.NullMarked;
