@NullMarked
package dev.toygres.agent.lease;

import org.jspecify.annotations.NullMarked;
