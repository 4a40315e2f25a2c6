/** The daemon of one host: its start, its options, its parts. */
@NullMarked
package dev.toygres.agent;

import org.jspecify.annotations.NullMarked;
