/** Other processes: who they are, how to signal them, tools with a time limit, the guard. */
@NullMarked
package dev.toygres.agent.process;

import org.jspecify.annotations.NullMarked;
