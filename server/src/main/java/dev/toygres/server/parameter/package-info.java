/** Parameters over REST. */
@NullMarked
package dev.toygres.server.parameter;

import org.jspecify.annotations.NullMarked;
