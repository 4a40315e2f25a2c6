/** Orders as jobs: fenced by tokens and terms, one after the other per lane. */
@NullMarked
package dev.toygres.agent.job;

import org.jspecify.annotations.NullMarked;
