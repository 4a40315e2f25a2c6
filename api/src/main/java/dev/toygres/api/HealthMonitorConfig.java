package dev.toygres.api;

import java.time.Duration;
import java.util.Optional;

/**
 * How an instance is watched, and when its primary is replaced without being asked.
 *
 * @param checkInterval between two checks of a member, PT0.2S to PT1M
 * @param failureThreshold failed checks in a row that count as a failure, 1 to 100
 * @param checkTimeout of each check; not longer than the interval
 * @param maxEligibleLagBytes what a replica may lack of the last known position of the primary and
 *     still take over
 * @param customCheck a query that must pass: run read-only as the monitoring role in the instance's
 *     database; its first column must not be false
 * @param customCheckCounts whether one that fails counts towards a failover; else it is an alert
 *     only
 * @param cooldown the least time between two automatic failovers, PT0S to PT24H
 * @param failoversPerHour the most automatic failovers within any hour, 0 to 60; 0: never
 * @param leaseTtl how long a primary may commit without a renewal, PT1S to PT1M
 * @param restartTimeout how long a dead primary on a living host is waited for where no replica
 *     surely has everything; not shorter than leaseTtl
 */
public record HealthMonitorConfig(
        Duration checkInterval,
        int failureThreshold,
        Duration checkTimeout,
        long maxEligibleLagBytes,
        Optional<String> customCheck,
        boolean customCheckCounts,
        Duration cooldown,
        int failoversPerHour,
        Duration leaseTtl,
        Duration restartTimeout) {}
