@NullMarked
package dev.toygres.bench.instance;

import org.jspecify.annotations.NullMarked;
