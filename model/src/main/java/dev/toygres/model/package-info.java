/** The vocabulary of toygres and its pure decisions. Knows nothing of databases, HTTP or time. */
@NullMarked
package dev.toygres.model;

import org.jspecify.annotations.NullMarked;
