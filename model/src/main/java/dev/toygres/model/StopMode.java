package dev.toygres.model;

/**
 * How a Postgres is stopped: the shutdown modes of <a
 * href="https://www.postgresql.org/docs/15/server-shutdown.html">the manual</a>.
 */
public enum StopMode {
    /** Rolls transactions back, disconnects everybody, writes a checkpoint. */
    Fast,
    /** No checkpoint; recovers from WAL at the next start. */
    Immediate
}
