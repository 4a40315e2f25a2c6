package dev.toygres.orchestrations.instance;

import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.model.Secret;

/** How the owner of an instance gets in. */
public record Login(
        String username,
        Secret password,
        String database,
        EndpointPorts endpoint,
        String authority) {}
