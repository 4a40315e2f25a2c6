package dev.toygres.model;

/** What happens to an instance. */
public enum InstanceEvent {
    created,
    stopRequested,
    stopped,
    startRequested,
    restartRequested,
    started,
    failoverRequested,
    restoreRequested,
    deleteRequested,
    failed
}
