/** Health of an instance, and what follows from it: pure decisions, each case enumerated. */
@NullMarked
package dev.toygres.model.health;

import org.jspecify.annotations.NullMarked;
