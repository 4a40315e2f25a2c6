@NullMarked
package dev.toygres.agent.job;

import org.jspecify.annotations.NullMarked;
