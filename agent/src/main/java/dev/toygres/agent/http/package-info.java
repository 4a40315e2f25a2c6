/** What the server reaches over HTTP. */
@NullMarked
package dev.toygres.agent.http;

import org.jspecify.annotations.NullMarked;
