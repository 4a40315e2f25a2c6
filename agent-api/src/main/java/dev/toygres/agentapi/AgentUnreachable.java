package dev.toygres.agentapi;

/** No answer from the agent: nothing is known about what it did. */
public final class AgentUnreachable extends RuntimeException {
    public AgentUnreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
