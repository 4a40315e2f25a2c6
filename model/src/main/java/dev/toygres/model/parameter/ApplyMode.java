package dev.toygres.model.parameter;

/** When a change is put into force (R5.19). */
public enum ApplyMode {
    /** Now, with a restart where it needs one. */
    Immediate,
    /** At a time, as with Immediate. */
    Scheduled,
    /** What needs no restart now, the rest with the next one that somebody asks for. */
    OnNextRestart
}
