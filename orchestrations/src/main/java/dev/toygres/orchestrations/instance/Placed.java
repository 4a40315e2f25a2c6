package dev.toygres.orchestrations.instance;

import org.jspecify.annotations.Nullable;

/** Where the primary is, if it has been placed at all. */
record Placed(@Nullable Primary primary) {}
