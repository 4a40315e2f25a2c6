package dev.toygres.model;

/** What becomes of the old primary after a failover (R2.11). */
public enum OldPrimaryAction {
    ConvertToReplica,
    StopAndRetain,
    Terminate
}
