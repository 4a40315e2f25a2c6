package dev.toygres.orchestrations.failover;

/**
 * Who takes over after all.
 *
 * @param complete whether it surely has every commit that waited for a sync replica (S7)
 * @param gated whether commits waited for one at all
 */
record Elected(Cast cast, boolean complete, boolean gated) {}
