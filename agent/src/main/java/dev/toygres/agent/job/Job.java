package dev.toygres.agent.job;

import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.JobStatus.State;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** One attempt at an order. */
final class Job {
    final int attempt;
    private final String key;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile JobStatus status;

    Job(String key, int attempt, String words) {
        this.key = key;
        this.attempt = attempt;
        status = new JobStatus(key, State.Running, 0, words, Optional.empty(), Optional.empty());
    }

    JobStatus status() {
        return status;
    }

    JobStatus await(Duration wait) throws InterruptedException {
        var ignored = ended.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        return status;
    }

    void reports(double part, String words) {
        status = new JobStatus(key, State.Running, part, words, Optional.empty(), Optional.empty());
    }

    void succeeded(JsonNode result) {
        end(State.Succeeded, "done", Optional.of(result), Optional.empty());
    }

    void failed(String error) {
        end(State.Failed, "failed", Optional.empty(), Optional.of(error));
    }

    void refused(String error) {
        end(State.Refused, "refused", Optional.empty(), Optional.of(error));
    }

    private void end(State state, String words, Optional<JsonNode> result, Optional<String> error) {
        status = new JobStatus(key, state, 1, words, result, error);
        ended.countDown();
    }
}
