package dev.toygres.model;

/** Whether commits on the primary wait for the replica (R1.12). */
public enum ReplicationMode {
    Async,
    Sync
}
