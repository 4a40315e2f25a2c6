package dev.toygres.orchestrations.failover;

import java.time.Instant;

/** When a step was through. */
record Moment(Instant at) {}
