/**
 * The Java client of toygres: one method for each call of the REST contract, operations that can be
 * awaited, and errors that can be told apart.
 */
@NullMarked
package dev.toygres.client;

import org.jspecify.annotations.NullMarked;
