/** Alerts over REST, and who is told of them. */
@NullMarked
package dev.toygres.server.alert;

import org.jspecify.annotations.NullMarked;
