package dev.toygres.agentapi;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.toygres.agentapi.lease.Electorate;
import dev.toygres.model.HostId;
import dev.toygres.model.InstanceId;
import dev.toygres.model.MemberId;
import dev.toygres.model.StopMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a server may ask of an agent. Every order is idempotent: it first asks whether the world is
 * already as wished. Passwords in here live only on the wire (mTLS) and in memory; they are never
 * logged, and never part of an answer.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Order.ClaimLane.class, name = "ClaimLane"),
    @JsonSubTypes.Type(value = Order.CreateMember.class, name = "CreateMember"),
    @JsonSubTypes.Type(value = Order.StartMember.class, name = "StartMember"),
    @JsonSubTypes.Type(value = Order.StopMember.class, name = "StopMember"),
    @JsonSubTypes.Type(value = Order.RestartMember.class, name = "RestartMember"),
    @JsonSubTypes.Type(value = Order.DestroyMember.class, name = "DestroyMember"),
    @JsonSubTypes.Type(value = Order.OpenEndpoint.class, name = "OpenEndpoint"),
    @JsonSubTypes.Type(value = Order.CloseEndpoint.class, name = "CloseEndpoint"),
    @JsonSubTypes.Type(value = Order.KeepSlot.class, name = "KeepSlot"),
    @JsonSubTypes.Type(value = Order.DropSlot.class, name = "DropSlot"),
    @JsonSubTypes.Type(value = Order.CreateReplica.class, name = "CreateReplica"),
    @JsonSubTypes.Type(value = Order.FollowMember.class, name = "FollowMember"),
    @JsonSubTypes.Type(value = Order.SyncStandbys.class, name = "SyncStandbys"),
    @JsonSubTypes.Type(value = Order.Checkpoint.class, name = "Checkpoint"),
    @JsonSubTypes.Type(value = Order.DrainMember.class, name = "DrainMember"),
    @JsonSubTypes.Type(value = Order.FenceMember.class, name = "FenceMember"),
    @JsonSubTypes.Type(value = Order.UnfenceMember.class, name = "UnfenceMember"),
    @JsonSubTypes.Type(value = Order.AwaitPosition.class, name = "AwaitPosition"),
    @JsonSubTypes.Type(value = Order.PromoteMember.class, name = "PromoteMember"),
    @JsonSubTypes.Type(value = Order.RejoinMember.class, name = "RejoinMember"),
    @JsonSubTypes.Type(value = Order.HoldEndpoint.class, name = "HoldEndpoint"),
    @JsonSubTypes.Type(value = BackupOrder.ProveStore.class, name = "ProveStore"),
    @JsonSubTypes.Type(value = BackupOrder.ListRepository.class, name = "ListRepository"),
    @JsonSubTypes.Type(value = BackupOrder.VerifyRepository.class, name = "VerifyRepository"),
    @JsonSubTypes.Type(value = BackupOrder.ExpireBackups.class, name = "ExpireBackups"),
    @JsonSubTypes.Type(value = BackupOrder.DeleteRepository.class, name = "DeleteRepository"),
    @JsonSubTypes.Type(value = BackupOrder.VerifyDump.class, name = "VerifyDump"),
    @JsonSubTypes.Type(value = BackupOrder.DeleteDump.class, name = "DeleteDump"),
    @JsonSubTypes.Type(value = BackupOrder.KeepPoint.class, name = "KeepPoint"),
    @JsonSubTypes.Type(value = BackupOrder.ConfigureArchive.class, name = "ConfigureArchive"),
    @JsonSubTypes.Type(value = BackupOrder.RemoveArchive.class, name = "RemoveArchive"),
    @JsonSubTypes.Type(value = BackupOrder.CreateRestorePoint.class, name = "CreateRestorePoint"),
    @JsonSubTypes.Type(value = BackupOrder.TakeBackup.class, name = "TakeBackup"),
    @JsonSubTypes.Type(value = BackupOrder.ServeBackup.class, name = "ServeBackup"),
    @JsonSubTypes.Type(value = BackupOrder.AbortBackup.class, name = "AbortBackup"),
    @JsonSubTypes.Type(value = BackupOrder.RestoreMember.class, name = "RestoreMember"),
    @JsonSubTypes.Type(value = BackupOrder.UndoRestore.class, name = "UndoRestore"),
    @JsonSubTypes.Type(value = BackupOrder.KeepRestored.class, name = "KeepRestored"),
    @JsonSubTypes.Type(value = BackupOrder.DropKept.class, name = "DropKept"),
    @JsonSubTypes.Type(value = BackupOrder.CheckMember.class, name = "CheckMember"),
    @JsonSubTypes.Type(value = BackupOrder.EstimateDump.class, name = "EstimateDump"),
    @JsonSubTypes.Type(value = BackupOrder.TakeDump.class, name = "TakeDump"),
    @JsonSubTypes.Type(value = BackupOrder.RestoreDump.class, name = "RestoreDump"),
    @JsonSubTypes.Type(value = Order.ConfigureMember.class, name = "ConfigureMember"),
    @JsonSubTypes.Type(value = Order.TrySettings.class, name = "TrySettings"),
    @JsonSubTypes.Type(value = Order.TryMember.class, name = "TryMember"),
    @JsonSubTypes.Type(value = Order.WatchMember.class, name = "WatchMember"),
    @JsonSubTypes.Type(value = Order.KillMember.class, name = "KillMember"),
    @JsonSubTypes.Type(value = Order.PartStandby.class, name = "PartStandby"),
    @JsonSubTypes.Type(value = Order.AppendWal.class, name = "AppendWal"),
    @JsonSubTypes.Type(value = Order.KeepElectorate.class, name = "KeepElectorate"),
    @JsonSubTypes.Type(value = Order.VouchFor.class, name = "VouchFor"),
    @JsonSubTypes.Type(value = Order.Prepare.class, name = "Prepare")
})
public sealed interface Order
        permits Order.ClaimLane,
                Order.CreateMember,
                Order.StartMember,
                Order.StopMember,
                Order.RestartMember,
                Order.DestroyMember,
                Order.OpenEndpoint,
                Order.CloseEndpoint,
                Order.KeepSlot,
                Order.DropSlot,
                Order.CreateReplica,
                Order.FollowMember,
                Order.SyncStandbys,
                Order.Checkpoint,
                Order.DrainMember,
                Order.FenceMember,
                Order.UnfenceMember,
                Order.AwaitPosition,
                Order.PromoteMember,
                Order.RejoinMember,
                Order.HoldEndpoint,
                Order.ConfigureMember,
                Order.TrySettings,
                Order.TryMember,
                Order.WatchMember,
                Order.KillMember,
                Order.PartStandby,
                Order.AppendWal,
                Order.KeepElectorate,
                Order.VouchFor,
                Order.Prepare,
                BackupOrder {

    /** The first act of every run: from now on only orders with this token or a higher one. */
    record ClaimLane() implements Order {}

    /**
     * A new primary: data directory (from the cached template of its major), settings,
     * certificates, roles, database, started and answering. Roles and grants: see the agent's
     * README.
     *
     * @param term of the instance; recorded beside the data (S11) with an empty electorate
     * @param settings Postgres settings of this member beyond what the agent owns
     * @param ownerVerifier the SCRAM-SHA-256 verifier of the owner's password; the agent never
     *     learns the password itself
     * @param poolerVerifier likewise for the role that PgBouncer asks for verifiers with
     * @param replicatorVerifier likewise for the role that replicas stream as
     */
    record CreateMember(
            MemberId memberId,
            InstanceId instanceId,
            long term,
            int postgresMajor,
            Map<String, String> settings,
            String owner,
            String ownerVerifier,
            String poolerVerifier,
            String replicatorVerifier,
            String database,
            Certificate certificate)
            implements Order {
        public CreateMember {
            settings = Map.copyOf(settings);
        }
    }

    /**
     * Started and answering queries.
     *
     * @param settings the member's settings, as in {@link CreateMember}, where they have changed
     */
    record StartMember(MemberId memberId, long term, Optional<Map<String, String>> settings)
            implements Order {}

    /**
     * No process of that data directory is left (S3). Fast falls back to immediate, then SIGKILL.
     */
    record StopMember(MemberId memberId, long term, StopMode mode) implements Order {}

    /** A checkpoint first, so that the interruption is short; then stop fast and start. */
    record RestartMember(MemberId memberId, long term) implements Order {}

    /** Stopped, and its directory gone; the memory of its id stays as a tombstone of its token. */
    record DestroyMember(MemberId memberId, long term) implements Order {}

    /**
     * The stable addresses of an instance: one HAProxy process (read-write, read-only) and one
     * PgBouncer behind it (pooled) per instance, on this host. Ports are chosen at the first
     * opening and kept for ever after.
     *
     * @param term routing obeys terms: an older one is refused (S13)
     * @param target address of the primary as seen from this host
     * @param readers addresses of the replicas that the read-only endpoint balances over; empty:
     *     the primary serves reads too
     * @param readersOnly not even then: clients wait for a reader
     * @param poolerPassword of the role with which PgBouncer looks verifiers up
     * @param ports where it is to be; another host's address is taken over from there, once whoever
     *     served it has let go of it
     * @param silence of the agent after which the endpoint ends by itself, so that another host may
     *     take its addresses over; empty: it stays up whatever becomes of its agent
     */
    record OpenEndpoint(
            InstanceId instanceId,
            long term,
            Address target,
            List<Address> readers,
            boolean readersOnly,
            String poolerUser,
            String poolerPassword,
            Certificate certificate,
            Optional<EndpointPorts> ports,
            Optional<Duration> silence)
            implements Order {
        /** HAProxy never reloads (S13): the places of its readers are declared ahead. */
        public static final int MOST_READERS = 8;

        @Override
        public String toString() {
            return "OpenEndpoint[" + instanceId + ", term " + term + ", target " + target + "]";
        }
    }

    /** HAProxy and PgBouncer of the instance are gone, their ports free. */
    record CloseEndpoint(InstanceId instanceId, long term) implements Order {}

    /**
     * On the primary: a physical slot of this name, reserving WAL from now on; one that is there is
     * kept.
     */
    record KeepSlot(MemberId memberId, long term, String slot) implements Order {}

    /**
     * On the primary: the slot is gone, whoever was using it; where Postgres is down, it goes as
     * soon as that is back.
     */
    record DropSlot(MemberId memberId, long term, String slot) implements Order {}

    /**
     * A new standby: pg_basebackup from the upstream through its slot, identity (cluster and
     * application name are the member id), standby.signal, primary_conninfo with a passfile;
     * started and streaming. Progress in bytes. Whatever a broken former copy left behind goes
     * first.
     *
     * @param copyFrom whom the base backup is taken from, if not from the upstream
     * @param maxRateKilobytes per second of the base backup; 0 is unlimited
     * @param afterDestroy the run that sends it has itself destroyed what was there before; else
     *     what a run destroyed, a late order of the same run must not bring back
     */
    record CreateReplica(
            MemberId memberId,
            InstanceId instanceId,
            long term,
            int postgresMajor,
            Map<String, String> settings,
            Upstream upstream,
            Certificate certificate,
            Optional<Address> copyFrom,
            int maxRateKilobytes,
            boolean afterDestroy)
            implements Order {
        public CreateReplica {
            settings = Map.copyOf(settings);
        }
    }

    /** A standby streams from there from now on, without a restart. */
    record FollowMember(MemberId memberId, long term, Upstream upstream) implements Order {}

    /**
     * On the primary: commits wait for any {@code number} of these application names; an empty list
     * gates nothing. Answers when the list is in force for new commits (S9 is the caller's).
     */
    record SyncStandbys(MemberId memberId, long term, int number, List<String> names)
            implements Order {
        public SyncStandbys {
            names = List.copyOf(names);
        }
    }

    /** Writes out what is dirty, so that a stop soon after is short. */
    record Checkpoint(MemberId memberId, long term) implements Order {}

    /**
     * Idle sessions of clients are closed at once; transactions get the time to finish, then their
     * sessions end with 57P01 (D6).
     */
    record DrainMember(MemberId memberId, long term, Duration timeout) implements Order {}

    /**
     * A durable mark that this member is not writable again in any term below the given one, then a
     * confirmed stop (S3, S5). Answers the position at which it stopped.
     *
     * @param term the one that is being opened
     */
    record FenceMember(MemberId memberId, long term) implements Order {}

    /** Takes the mark back for the term that the member adopts, and starts it as primary again. */
    record UnfenceMember(MemberId memberId, long term) implements Order {}

    /** A standby has received and replayed up to the position. */
    record AwaitPosition(MemberId memberId, long term, String lsn, Duration timeout)
            implements Order {}

    /**
     * A standby becomes primary: records the term and the role durably, takes over its sync list
     * before it is promoted (S7), promotes, and answers once it is writable. One that is primary of
     * the term already answers at once.
     *
     * @param slots whoever follows it next finds its slot there
     */
    record PromoteMember(
            MemberId memberId,
            long term,
            int syncNumber,
            List<String> syncNames,
            List<String> slots)
            implements Order {
        public PromoteMember {
            syncNames = List.copyOf(syncNames);
            slots = List.copyOf(slots);
        }
    }

    /**
     * A stopped former primary, or a broken standby, becomes a standby of the upstream: by a plain
     * start where its history allows, else pg_rewind, else a fresh copy. A diverged tail is kept
     * aside (S8).
     *
     * @param settings as in {@link CreateMember}: they may have changed while it was away
     * @param copy whether it may be copied anew, which may take hours; else the order fails then
     */
    record RejoinMember(
            MemberId memberId,
            long term,
            Upstream upstream,
            Certificate certificate,
            Map<String, String> settings,
            boolean copy)
            implements Order {
        public RejoinMember {
            settings = Map.copyOf(settings);
        }
    }

    /**
     * Cuts the way to the primary before a promotion (S13): clients of the pooled endpoint are held
     * between transactions, those of the read-write endpoint find no server until the next
     * OpenEndpoint.
     *
     * @param timeout for transactions of pooled clients to end by themselves
     */
    record HoldEndpoint(InstanceId instanceId, long term, Duration timeout) implements Order {}

    /**
     * The member's settings from now on, in force before it answers: by reading them again, or with
     * a restart. When Postgres refuses them or does not come up, the former ones are back in force
     * and the order has failed with Postgres's own words.
     *
     * @param settings all of them, as in {@link CreateMember}
     * @param restart whether to restart where a setting that this changes needs it; else that waits
     *     for a restart. Who has been given all of them before is restarted for what waits
     * @param undrift names that somebody set with ALTER SYSTEM, to be taken back
     */
    record ConfigureMember(
            MemberId memberId,
            long term,
            Map<String, String> settings,
            boolean restart,
            List<String> undrift)
            implements Order {
        public ConfigureMember {
            settings = Map.copyOf(settings);
            undrift = List.copyOf(undrift);
        }
    }

    /**
     * Starts a scratch server as the member would be, on data of its own, and removes it again. Of
     * the member itself nothing is made.
     */
    record TryMember(CreateMember creation) implements Order {}

    /**
     * Starts a scratch server beside the member with all these settings, on data of its own, and
     * removes it again. The member is not touched. Answers {@link OrderResult.Tried}.
     *
     * @param undrift names as in {@link ConfigureMember}
     */
    record TrySettings(
            MemberId memberId, long term, Map<String, String> settings, List<String> undrift)
            implements Order {
        public TrySettings {
            settings = Map.copyOf(settings);
            undrift = List.copyOf(undrift);
        }
    }

    /**
     * How a member is checked from now on, and what its agent does by itself when it dies. Belongs
     * to the lane {@code monitor}.
     *
     * @param interval between two checks
     * @param timeout of each
     * @param customCheck a query that must pass, run read-only as the monitoring role
     * @param customCheckCounts whether the member fails with it
     * @param database in which it runs
     * @param holdBack how long a dead primary is left to the server, which may rather fail over;
     *     after it the agent brings it back by itself. Zero: at once
     */
    record WatchMember(
            MemberId memberId,
            long term,
            Duration interval,
            Duration timeout,
            Optional<String> customCheck,
            boolean customCheckCounts,
            String database,
            Duration holdBack)
            implements Order {}

    /**
     * The durable mark of {@link FenceMember}, then SIGKILL to every process of the member: for one
     * that is dead or hangs already. Answers when none is left (S3, S5); does not look for the end
     * of its WAL.
     *
     * @param term the one that is being opened
     */
    record KillMember(MemberId memberId, long term) implements Order {}

    /**
     * A standby stops receiving WAL and does not begin again until it is told whom to follow; then
     * answers what it has (S7).
     *
     * @param syncNames for whom its commits would wait if it became primary next: brought into
     *     force before it answers where that is quick; else its promotion waits for it
     */
    record PartStandby(MemberId memberId, long term, List<String> syncNames) implements Order {
        public PartStandby {
            syncNames = List.copyOf(syncNames);
        }
    }

    /**
     * WAL of the dead primary for a standby that was parted; it is replayed as far as it goes (S8).
     *
     * @param from a position at or before the end of what the standby has
     * @param base64 the bytes
     */
    record AppendWal(MemberId memberId, long term, int timeline, String from, String base64)
            implements Order {
        @Override
        public String toString() {
            return "AppendWal[%s, from %s]".formatted(memberId, from);
        }
    }

    /**
     * On the primary: from now on these keep its lease (S4). Durable, and enforced by its guard,
     * before it is answered. Refused without a fresh grant, and when a newer list is known.
     */
    record KeepElectorate(MemberId memberId, long term, Electorate electorate) implements Order {}

    /**
     * To an elector: vouch for this primary in this term; durable. One that has prepared for a
     * newer term refuses.
     *
     * @param primaryHost whose agent may ask for vouchers
     * @param ttlMs of the lease: what is assumed to be out after a restart
     */
    record VouchFor(
            MemberId memberId,
            InstanceId instanceId,
            long term,
            MemberId primary,
            HostId primaryHost,
            long ttlMs)
            implements Order {}

    /**
     * To the candidate of an open term: from now on, durably, no more vouchers for older terms.
     * After the deadline a promotion to this term is refused for good, and vouchers may be given
     * again.
     *
     * @param term the open one
     */
    record Prepare(MemberId memberId, InstanceId instanceId, long term, Duration deadline)
            implements Order {}
}
