package dev.toygres.orchestrations;

import dev.toygres.agentapi.Agent;

/** Where the agent of a host is to be had. */
@FunctionalInterface
public interface Agents {
    Agent of(String hostId);
}
