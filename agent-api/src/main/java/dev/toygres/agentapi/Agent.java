package dev.toygres.agentapi;

import dev.toygres.model.parameter.ParameterDefinition;
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

    /** Last lines of a member's Postgres log, oldest first. */
    List<String> log(String memberId, int lines);

    /** Runs a read-only health query on the member as the monitoring role. */
    MemberHealth health(String memberId, Duration timeout);

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
