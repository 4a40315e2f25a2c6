package dev.toygres.orchestrations.failover;

/**
 * Who takes over after all.
 *
 * @param complete whether it surely has every commit that waited for a sync replica (S7)
 */
record Elected(Cast cast, boolean complete) {}
