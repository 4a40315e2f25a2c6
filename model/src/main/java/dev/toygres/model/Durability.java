package dev.toygres.model;

/** What happens to commits when no sync replica is left (D8). */
public enum Durability {
    /** They wait: no acknowledged commit exists only once. */
    strict,
    /** They go on within ten seconds, alerted, and the instance is Unprotected. */
    preferred
}
