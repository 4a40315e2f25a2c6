package dev.toygres.orchestrations.instance;

import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.model.Durability;
import dev.toygres.model.Health;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Size;
import dev.toygres.orchestrations.replica.ReplicaView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An instance as the catalogue has it, with what was last observed.
 *
 * @param revision grows with every change: its ETag
 */
public record InstanceView(
        String id,
        InstanceState state,
        Health health,
        String postgresVersion,
        Size size,
        long term,
        Optional<String> primary,
        Optional<String> host,
        Optional<String> region,
        Optional<String> availabilityZone,
        Optional<EndpointPorts> endpoint,
        String owner,
        String database,
        boolean deletionProtection,
        Optional<String> operation,
        Optional<String> failure,
        Instant createdAt,
        long revision,
        Durability durability,
        boolean readOnlyFallback,
        List<ReplicaView> replicas,
        Optional<FailoverRisk> failoverRisk,
        Isolation isolation,
        List<Member> members) {

    /**
     * Where a member listens by itself, past the endpoints.
     *
     * @param role primary or replica
     */
    public record Member(String id, String role, String host, int port) {}

    /**
     * Who would take over now, and what would be lost if the primary's host burnt down.
     *
     * @param candidate empty when nobody could
     */
    public record FailoverRisk(
            Optional<String> candidate, Optional<Long> bytesAtRisk, String words) {}
}
