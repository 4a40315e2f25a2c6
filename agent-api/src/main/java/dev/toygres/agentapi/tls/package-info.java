/** Certificates: a small CA of our own, PEM, and what Java's TLS wants of them. */
@NullMarked
package dev.toygres.agentapi.tls;

import org.jspecify.annotations.NullMarked;
