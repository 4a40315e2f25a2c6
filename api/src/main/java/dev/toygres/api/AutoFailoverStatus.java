package dev.toygres.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * GET /instances/{id}/auto-failover: what would happen now.
 *
 * @param enabled neither paused nor without a budget
 * @param pausedUntil absent: it is not paused
 * @param watchedBy the server that watches the instance; absent: none just now
 * @param primary what is seen of the primary, in words
 * @param now what is decided as things stand
 * @param ifPrimaryDied what would be done if the primary died now
 * @param cooldownUntil absent: the last automatic failover is long enough ago
 * @param candidates the replicas, as a failover would see them
 * @param history the last decisions, also not to act, newest first
 */
public record AutoFailoverStatus(
        String instanceId,
        boolean enabled,
        Optional<Instant> pausedUntil,
        Optional<String> pauseReason,
        Optional<String> watchedBy,
        String primary,
        Verdict now,
        Verdict ifPrimaryDied,
        Optional<Instant> cooldownUntil,
        int failoversLastHour,
        int failoversPerHour,
        List<Candidate> candidates,
        List<HistoryEntry> history) {

    /**
     * A decision.
     *
     * @param action Nothing, Restart, FailOver, Ask or AlertOnly
     * @param candidate who would take over, with FailOver
     */
    public record Verdict(String action, String why, Optional<String> candidate) {}

    /**
     * A replica.
     *
     * @param lagBytes what it lacks of the furthest position that anybody has seen
     * @param eligible whether it could take over
     * @param fault why not
     */
    public record Candidate(
            String replicaId,
            Optional<Long> lagBytes,
            int priority,
            boolean eligible,
            Optional<String> fault) {}

    /**
     * A decision that was another one than before.
     *
     * @param evidence what it rested on
     */
    public record HistoryEntry(
            Instant at,
            String action,
            String why,
            Map<String, Object> evidence,
            Optional<String> operationId) {}
}
