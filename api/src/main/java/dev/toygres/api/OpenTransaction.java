package dev.toygres.api;

/**
 * A transaction that is open on the primary just now. What it does is not told: there may be
 * secrets in it.
 *
 * @param application as the client calls itself; may be empty
 * @param state as in pg_stat_activity: active, idle in transaction, ...
 * @param ageMs how long it has been open, in milliseconds
 */
public record OpenTransaction(
        String user, String application, String database, String state, long ageMs) {}
