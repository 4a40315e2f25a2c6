package dev.toygres.model.parameter;

/** How far a change of parameters is. */
public enum ChangeState {
    /** Waits for its time. */
    Scheduled,
    /** Is being put into force. */
    Applying,
    /** In force on every member that could be reached. */
    Applied,
    /** Agreed and written down; in force with the next restart. */
    Pending,
    /** Not in force anywhere: what had been touched has the former values again. */
    Failed,
    /** Withdrawn, or it did not fit any more when its time came. */
    Cancelled
}
