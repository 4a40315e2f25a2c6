package dev.toygres.api;

import java.time.Duration;
import java.util.Optional;

/**
 * PUT /instances/{id}/health-config: the whole of it; what is absent is as it is from the
 * beginning. The fields are those of {@link HealthMonitorConfig}.
 */
public record HealthConfigRequest(
        Optional<Duration> checkInterval,
        Optional<Integer> failureThreshold,
        Optional<Duration> checkTimeout,
        Optional<Long> maxEligibleLagBytes,
        Optional<String> customCheck,
        Optional<Boolean> customCheckCounts,
        Optional<Duration> cooldown,
        Optional<Integer> failoversPerHour,
        Optional<Duration> leaseTtl,
        Optional<Duration> restartTimeout) {}
