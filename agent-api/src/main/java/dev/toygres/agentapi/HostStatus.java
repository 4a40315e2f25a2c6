package dev.toygres.agentapi;

import dev.toygres.model.AddressRange;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What an agent has and sees.
 *
 * @param bootId changes with every start of the agent
 * @param postgresVersions by major: the full version, e.g. 15 -> 15.18
 * @param backupEngine name and version; empty: this host can neither back up nor restore
 * @param endpointAddresses beside its own, under which it may serve an endpoint in place of a host
 *     that died
 * @param pulse changes when something happened that should not wait for the next look: see {@link
 *     Agent#statusAfter}
 * @param revived a guard started this agent, because the one before had died or hung
 * @param highestToken the newest of the tokens of all orders that this host was ever given
 */
public record HostStatus(
        String hostId,
        String region,
        String availabilityZone,
        String bootId,
        Instant agentStartedAt,
        Map<Integer, String> postgresVersions,
        int cores,
        long memoryBytes,
        long diskTotalBytes,
        long diskFreeBytes,
        List<MemberStatus> members,
        List<EndpointStatus> endpoints,
        Optional<String> backupEngine,
        List<AddressRange> endpointAddresses,
        long pulse,
        boolean revived,
        long highestToken) {

    public HostStatus {
        // A status from before there were any.
        endpointAddresses = Objects.requireNonNullElse(endpointAddresses, List.of());
    }

    /**
     * A member on this host.
     *
     * @param desired what the last order wished: Running or Stopped
     * @param state what is true now
     * @param archive of a member whose archive is configured
     * @param given its settings, of a member that was finished once
     * @param restarts how often the agent brought it back by itself since the agent started
     * @param unheard of a primary: electors that would not vouch for it if the server fell silent
     *     now (S4)
     */
    public record MemberStatus(
            String memberId,
            String instanceId,
            long term,
            String role,
            String desired,
            State state,
            Optional<Address> address,
            Optional<String> systemIdentifier,
            int postgresMajor,
            long dataBytes,
            int restarts,
            Optional<String> trouble,
            Optional<Replication> replication,
            Optional<Archive> archive,
            Optional<Kept> kept,
            Optional<Vitals> vitals,
            Optional<Given> given,
            List<Unheard> unheard) {
        public MemberStatus {
            // A status from before there were any.
            unheard = List.copyOf(Objects.requireNonNullElse(unheard, List.of()));
        }
    }

    /**
     * An elector that did not say that it would vouch when it was last asked.
     *
     * @param words why not
     */
    public record Unheard(String memberId, String words) {}

    /**
     * How the WAL archive of a member is; of a primary that runs, asked at most once a second.
     *
     * @param lastArchivedAt empty: nothing since the statistics began
     * @param failures since then; {@code lastFailedAt} is older than {@code lastArchivedAt} when it
     *     works again
     * @param waitingSegments ended and not archived yet; {@code waitingBytes} on the disk of the
     *     primary
     * @param oldestWaitingAt since when the first of them waits
     * @param trouble what the engine said when it last failed
     */
    public record Archive(
            Optional<String> lastArchived,
            Optional<Instant> lastArchivedAt,
            long failures,
            Optional<String> lastFailed,
            Optional<Instant> lastFailedAt,
            int waitingSegments,
            long waitingBytes,
            Optional<Instant> oldestWaitingAt,
            Optional<String> trouble) {}

    /** Data from before the last restore, until UndoRestore or DropKept. */
    public record Kept(Instant since, String systemIdentifier, long dataBytes) {}

    /**
     * The last check of a member that ought to run (R3.7), made by its agent in the rhythm of
     * {@link Order.WatchMember}.
     *
     * @param connectivity whether it could be connected to (R3.8)
     * @param queryResponsive whether it answered a query in time (R3.9)
     * @param diskSpaceOk whether there is room to go on writing (R3.11)
     * @param customCheckOk whether the custom query passed; empty where there is none (R3.12)
     * @param recovering it lives, and lets nobody in until its recovery is through: not dead
     * @param stalledMs of one that recovers, or is on its way up: since nothing of that was seen to
     *     get on; 0 otherwise
     * @param failuresInARow checks that failed since the last good one
     * @param responseMs how long the check took
     * @param ageMs since the check ended
     * @param downForMs since no process of it is left; 0 while there is one
     * @param words what went wrong
     */
    public record Vitals(
            boolean connectivity,
            boolean queryResponsive,
            boolean diskSpaceOk,
            Optional<Boolean> customCheckOk,
            boolean recovering,
            long stalledMs,
            int failuresInARow,
            long responseMs,
            long ageMs,
            long downForMs,
            String words) {}

    /**
     * What a running member says of its WAL; asked of Postgres at most once a second.
     *
     * @param standby whether it is in recovery
     * @param position of a primary: where it writes; of a standby: what it has safely received
     * @param replayed of a standby: what its queries see
     * @param replayLagMs of a standby: age of what it replayed last; 0 when all received is
     *     replayed and it streams
     * @param streaming of a standby: its walreceiver is connected
     * @param timeline on which it is
     * @param followers of a primary: who streams from it
     * @param slots of a primary: what its physical slots hold back
     */
    public record Replication(
            boolean standby,
            String position,
            Optional<String> replayed,
            long replayLagMs,
            boolean streaming,
            int timeline,
            List<Follower> followers,
            List<Slot> slots) {}

    /**
     * A connection of a standby, from pg_stat_replication.
     *
     * @param name application name: the member id
     * @param syncState async, sync, quorum or potential
     */
    public record Follower(
            String name, String state, String syncState, String flushed, String replayed) {}

    /**
     * A physical slot, from pg_replication_slots.
     *
     * @param walStatus reserved, extended, unreserved or lost
     */
    public record Slot(String name, boolean active, String walStatus, long retainedBytes) {}

    /** Unknown is a directory whose memory is missing or does not fit: left alone (S11). */
    public enum State {
        Creating,
        Running,
        Starting,
        Stopped,
        Crashed,
        Unknown
    }

    /**
     * The routing of an instance on this host.
     *
     * @param held by HoldEndpoint, until the next OpenEndpoint: nobody gets through
     * @param ended by the silence of its agent: another host may serve it by now, so it stays down
     *     until the next OpenEndpoint
     * @param readersOnly whether the primary serves no reads even when nobody else does
     */
    public record EndpointStatus(
            String instanceId,
            long term,
            EndpointPorts ports,
            Address target,
            boolean up,
            boolean held,
            boolean ended,
            boolean readersOnly) {}
}
