@NullMarked
package dev.toygres.client;

import org.jspecify.annotations.NullMarked;
