/** The catalogue database: one class per aggregate, SQL in text blocks. */
@NullMarked
package dev.toygres.store;

import org.jspecify.annotations.NullMarked;
