package dev.toygres.agentapi;

/** The agent's no: an older token or term, or a member it does not know. Trying again is no use. */
public final class AgentRefusal extends RuntimeException {
    public AgentRefusal(String message) {
        super(message);
    }
}
