/** The addresses of an instance move when their host is dead (S13, ADR 18). */
@NullMarked
package dev.toygres.orchestrations.endpoint;

import org.jspecify.annotations.NullMarked;
