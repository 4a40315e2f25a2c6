/** What stands behind the REST API in tests. */
@NullMarked
package dev.toygres.server.fakes;

import org.jspecify.annotations.NullMarked;
