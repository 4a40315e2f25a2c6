package dev.toygres.agentapi;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an agent has and sees.
 *
 * @param bootId changes with every start of the agent
 * @param postgresVersions by major: the full version, e.g. 15 -> 15.18
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
        List<EndpointStatus> endpoints) {

    /**
     * A member on this host.
     *
     * @param desired what the last order wished: Running or Stopped
     * @param state what is true now
     * @param restarts how often the agent brought it back by itself since the agent started
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
            Optional<String> trouble) {}

    /** Unknown is a directory whose memory is missing or does not fit: left alone (S11). */
    public enum State {
        Creating,
        Running,
        Starting,
        Stopped,
        Crashed,
        Unknown
    }

    /** The routing of an instance on this host. */
    public record EndpointStatus(
            String instanceId, long term, EndpointPorts ports, Address target, boolean up) {}
}
