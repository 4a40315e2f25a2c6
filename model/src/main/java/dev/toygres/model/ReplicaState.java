package dev.toygres.model;

/** How a replica is doing (D4). The names are part of the REST contract. */
public enum ReplicaState {
    Provisioning,
    /** It is there, and not yet, or not just now, connected to its primary. */
    Syncing,
    Streaming,
    /** It streams, further behind than its {@code maxLagBytes}. */
    Lagging,
    /** It cannot follow any more, or never could: rebuild or remove it. */
    Broken,
    Promoting,
    Removing,
    Stopped
}
