package dev.toygres.agentapi;

import dev.toygres.agentapi.lease.LeaseRound;
import dev.toygres.agentapi.lease.LeaseStanding;
import dev.toygres.agentapi.lease.Witness;
import java.time.Duration;
import java.util.List;

/** One agent, as the server sees it. Implementations: the HTTP client, and fakes in tests. */
public interface Agent {

    HostStatus status();

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

    /** What a probe found; the words say what went wrong. */
    record MemberHealth(
            boolean connectivity, boolean queryResponsive, boolean diskSpaceOk, String words) {}
}
