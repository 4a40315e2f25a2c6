package dev.toygres.orchestrations.health;

import dev.toygres.model.Refused;
import dev.toygres.model.health.Decision;
import dev.toygres.model.health.HealthMonitorConfig;
import dev.toygres.model.health.Situation.Pause;
import dev.toygres.store.HealthStore.DecisionRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The desk for health. Every method throws {@link Refused} with all that is wrong. */
public interface Monitors {

    HealthMonitorConfig config(String instanceId);

    /** Refused whole, with every fault. */
    HealthMonitorConfig configure(String instanceId, HealthMonitorConfig config);

    /** The primary first. */
    List<HealthCheck> health(String instanceId);

    AutoFailoverView status(String instanceId);

    /** R3.51: no automatic failover until then; a dead primary is restarted meanwhile. */
    AutoFailoverView pause(String instanceId, Instant until, String reason);

    AutoFailoverView resume(String instanceId);

    /**
     * The last check of a member (R3.7-R3.13).
     *
     * @param replicationHealthy of a primary: every replica that should stream does; of a replica:
     *     it streams
     * @param customCheckOk empty where there is none
     * @param healthy all of them
     * @param checkedAt empty: never, or its host does not answer
     * @param words what is wrong; empty when nothing is
     */
    record HealthCheck(
            String memberId,
            boolean primary,
            boolean connectivity,
            boolean queryResponsive,
            boolean replicationHealthy,
            boolean diskSpaceOk,
            Optional<Boolean> customCheckOk,
            boolean healthy,
            int failuresInARow,
            Optional<Long> responseMs,
            Optional<Instant> checkedAt,
            String words) {}

    /**
     * What would happen now, in words and fields.
     *
     * @param primary what is seen of it, in words
     * @param now what is decided as things stand
     * @param ifPrimaryDied what would be if it died now
     * @param watchedBy the server; empty: none just now
     * @param cooldownUntil empty: it is over
     */
    record AutoFailoverView(
            String instanceId,
            boolean enabled,
            Optional<Pause> pause,
            Optional<String> watchedBy,
            String primary,
            Decision now,
            Decision ifPrimaryDied,
            Optional<Instant> cooldownUntil,
            int failoversLastHour,
            int failoversPerHour,
            List<Candidate> candidates,
            List<DecisionRow> history) {}

    /**
     * A replica, as a failover would see it.
     *
     * @param fault why it could not take over
     */
    record Candidate(String id, Optional<Long> lagBytes, int priority, Optional<String> fault) {}
}
