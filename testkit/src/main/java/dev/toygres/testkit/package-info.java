/** What tests of every module share: a real Postgres, patience, a clock that is ticked. */
@NullMarked
package dev.toygres.testkit;

import org.jspecify.annotations.NullMarked;
