/** What the server is told at its start: one record, checked whole. */
@NullMarked
package dev.toygres.server.options;

import org.jspecify.annotations.NullMarked;
