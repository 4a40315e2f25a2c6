@NullMarked
package dev.toygres.testkit;

import org.jspecify.annotations.NullMarked;
