package dev.toygres.orchestrations.failover;

/**
 * What was taken from the dead primary's disk (S8).
 *
 * @param end where its WAL ended
 * @param bytes of it that the new primary did not have
 */
record Salvaged(String end, long bytes) {}
