package dev.toygres.api;

/** Where an operation stands. */
public enum OperationState {
    Pending,
    Running,
    Waiting,
    NeedsDecision,
    Succeeded,
    Failed,
    Cancelled;

    /** Whether nothing more will happen by itself. */
    public boolean isFinal() {
        return switch (this) {
            case Succeeded, Failed, Cancelled -> true;
            case Pending, Running, Waiting, NeedsDecision -> false;
        };
    }
}
