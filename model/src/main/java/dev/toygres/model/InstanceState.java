package dev.toygres.model;

/** Where an instance stands. The names are part of the REST contract. */
public enum InstanceState {
    Creating,
    Running,
    Stopping,
    Stopped,
    Restarting,
    FailingOver,
    Restoring,
    Deleting,
    Failed
}
