@NullMarked
package dev.toygres.orchestrations.endpoint;

import org.jspecify.annotations.NullMarked;
