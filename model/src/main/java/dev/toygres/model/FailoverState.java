package dev.toygres.model;

/** Where a failover stands (R2.43). The names are part of the REST contract. */
public enum FailoverState {
    WaitingForSync,
    FencingPrimary,
    PromotingReplica,
    UpdatingRouting,
    CleaningUpOldPrimary,
    Completed,
    Failed
}
