package dev.toygres.orchestrations.instance;

import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.model.Health;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Size;
import java.time.Instant;
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
        long revision) {}
