@NullMarked
package dev.toygres.model;

import org.jspecify.annotations.NullMarked;
