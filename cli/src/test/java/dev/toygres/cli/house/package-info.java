@NullMarked
package dev.toygres.cli.house;

import org.jspecify.annotations.NullMarked;
