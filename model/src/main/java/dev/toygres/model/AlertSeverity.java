package dev.toygres.model;

/** How much an alert matters (R3.28), from little to much. The names are part of the contract. */
public enum AlertSeverity {
    /** Worth knowing. */
    Info,
    /** Somebody should look at it during the day. */
    Warning,
    /** Somebody should look at it now. */
    Critical
}
