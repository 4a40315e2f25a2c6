package dev.toygres.model;

/** How an instance feels, as last observed. The names are part of the REST contract. */
public enum Health {
    Healthy,
    /** It serves, but something is wrong. */
    Degraded,
    /** It serves, but an acknowledged commit may exist only once. */
    Unprotected,
    Unhealthy,
    /** Not observed lately: never a guess. */
    Unknown
}
