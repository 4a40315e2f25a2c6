/** Alerts: raising and resolving them, watching for what deserves one, and telling somebody. */
@NullMarked
package dev.toygres.orchestrations.alert;

import org.jspecify.annotations.NullMarked;
