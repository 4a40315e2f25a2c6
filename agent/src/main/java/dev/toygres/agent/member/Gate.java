package dev.toygres.agent.member;

import dev.toygres.agentapi.Address;

/** Holds the clients of a member back while it cannot serve them, instead of refusing them. */
public interface Gate {
    void hold(Address member);

    void release(Address member);
}
