package dev.toygres.model;

/** What an alert says. The names are part of the REST contract. */
public enum AlertKind {
    /** It is Failed: an operation on it could not be carried out, or be undone. */
    InstanceFailed,
    /** It ought to run, and its primary does not serve. */
    InstanceUnhealthy,
    /** It has Sync replicas, and none of them gates commits just now: durability is preferred. */
    InstanceUnprotected,
    /** Durability is strict and no Sync replica streams: every commit waits. */
    CommitsWait,
    /** A replica is further behind than its maxLagBytes (R1.11). */
    ReplicaLagging,
    /** A replica cannot follow any more: rebuild or remove it. */
    ReplicaBroken,
    /** A member did not come up with the agreed parameters, and has its former ones (P55). */
    ParametersTakenBack,
    /** The host of its addresses does not answer: no client reaches it. */
    EndpointUnserved,
    /** Something happened: its addresses are served by another host, because theirs is dead. */
    EndpointMoved,
    /** The agent of a host does not answer. */
    HostUnreachable,
    /** A server hears fewer hosts than another one, and leaves all work to that. */
    ServerStandsBack,
    /** Something happened: the agent of a host had died or hung, and a guard started it again. */
    AgentRestarted,
    /** Members are in a newer term than the catalogue, and it is not clear who is primary (S1). */
    CatalogueBehind,
    /** Something happened: the catalogue was restored from a backup, and learnt from the hosts. */
    CatalogueRestored,
    /** The custom health query of a primary does not pass; that alone replaces nobody (D9). */
    CustomCheckFailing,
    /** The disk of a host's data is nearly full. */
    DiskNearlyFull,
    /** The primary is not well, and no failover can or may mend it by itself (R3.25). */
    NoAutomaticFailover,
    /**
     * A replica that would have to vouch for the primary if no server worked could not do so: the
     * primary would stop then (S4).
     */
    VoucherMissing,
    /** An operation waits for somebody's decision. */
    DecisionNeeded,
    /** A step of an operation is past its deadline. */
    StepOverdue,
    /** Something happened: a failover was started. */
    FailoverStarted,
    /** Something happened: a replica has become primary, and the endpoints lead to it. */
    FailoverPromoted,
    /** Something happened: a failover is over, the old primary and the others are dealt with. */
    FailoverCompleted,
    /** Something happened: a failover failed, or was undone. */
    FailoverFailed,
    /**
     * Something happened: a former primary came back with transactions that nobody else has (S8).
     */
    TailKept,
    /** A backup could not be taken, or was not sound. */
    BackupFailed,
    /** No good backup for longer than the schedule promises. */
    BackupOverdue,
    /** WAL waits to be archived: the restorable window ends, and the primary's disk fills. */
    ArchiveBehind,
    /** What is in the archive could not be restored in a drill, or was not sound. */
    RestoreDrillFailed,
    /** A drill took longer than the goal, or would have lost more. */
    RestoreGoalMissed,
    /** The store of an instance's backups takes nothing. */
    StoreUnreachable,
    /** WAL is missing in the store: part of the window cannot be restored. */
    ArchiveGap,
    /** A backup that was good is not any more. */
    BackupDamaged,
    /** A secret that the backups need is not there. */
    KeyMissing,
    /** A notification target takes nothing. */
    NotificationFailing
}
