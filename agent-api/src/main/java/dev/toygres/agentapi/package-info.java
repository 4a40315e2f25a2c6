/** What can be said to an agent, and the client that says it. The agent never calls the server. */
@NullMarked
package dev.toygres.agentapi;

import org.jspecify.annotations.NullMarked;
