package dev.toygres.agentapi;

import dev.toygres.agentapi.lease.LeaseRound;
import dev.toygres.agentapi.lease.LeaseStanding;
import dev.toygres.agentapi.lease.Witness;
import dev.toygres.model.parameter.ParameterDefinition;
import java.time.Duration;
import java.util.List;

/** One agent, as the server sees it. Implementations: the HTTP client, and fakes in tests. */
public interface Agent {

    HostStatus status();

    /**
     * The status as soon as its pulse is another one, at the latest after {@code wait}: so a death
     * is known within milliseconds, and the agent still never calls anybody.
     */
    default HostStatus statusAfter(long pulse, Duration wait) {
        return status();
    }

    /**
     * WAL of a fenced member that is confirmed to be stopped, from a position at which a record
     * begins: whole valid records, at most so many bytes of them (S8).
     *
     * @throws AgentRefusal while it may still write
     */
    WalPiece wal(String memberId, int timeline, String from, int most);

    /**
     * @param end where the record after these begins, or would: beyond the bytes where the rest of
     *     a segment is empty
     * @param base64 the bytes
     * @param more whether there are more valid records from {@code end} on
     */
    record WalPiece(String from, String end, String base64, boolean more) {}

    /**
     * Puts the order under the key, or joins the job that already runs under it, and waits up to
     * {@code wait} for its end.
     *
     * @throws AgentUnreachable when there was no answer
     */
    JobStatus put(String key, OrderEnvelope order, Duration wait);

    /**
     * One renewal of the leases of all members of that host; answers the next challenge.
     *
     * @param timeout connecting included
     */
    LeaseStanding lease(LeaseRound round, Duration timeout);

    /** Asks whether that replica's agent hears its primary just now (S6). */
    Witness witness(String memberId, Duration timeout);

    /** Last lines of a member's Postgres log, oldest first. */
    List<String> log(String memberId, int lines);

    /** Runs a read-only health query on the member as the monitoring role. */
    MemberHealth health(String memberId, Duration timeout);

    /** Who is connected to a running member, and which transactions have been open for long. */
    MemberSessions sessions(String memberId);

    /** What a running member says of its parameters. */
    MemberParameters parameters(String memberId);

    /**
     * All parameters of a major that the host has, by a scratch server.
     *
     * @param libraries to preload, so that their parameters are among them; comma-separated
     * @throws AgentRefusal when it does not start with these
     */
    List<ParameterDefinition> definitions(int postgresMajor, String libraries);

    /** What a probe found; the words say what went wrong. */
    record MemberHealth(
            boolean connectivity, boolean queryResponsive, boolean diskSpaceOk, String words) {}
}
