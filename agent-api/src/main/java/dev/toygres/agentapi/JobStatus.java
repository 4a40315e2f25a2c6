package dev.toygres.agentapi;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How far an order is. An order is put under a key and polled by it; putting the same key again
 * joins the job that runs.
 *
 * @param progress from 0 to 1
 * @param result what the order answers: see {@link OrderResult}
 */
public record JobStatus(
        String key,
        State state,
        double progress,
        String words,
        Optional<JsonNode> result,
        Optional<String> error) {

    /** Refused means: never run, because token or term is older than what the agent has seen. */
    public enum State {
        Running,
        Succeeded,
        Failed,
        Refused
    }
}
