@NullMarked
package dev.toygres.orchestrations.alert;

import org.jspecify.annotations.NullMarked;
