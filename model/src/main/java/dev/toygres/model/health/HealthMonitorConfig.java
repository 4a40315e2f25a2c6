package dev.toygres.model.health;

import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How an instance is watched, and when its primary is replaced without being asked (R3.2).
 *
 * @param checkInterval between two checks of a member (R3.3)
 * @param failureThreshold failed checks in a row that count as a failure (R3.4)
 * @param checkTimeout of each check; never longer than the interval, so that checks do not pile up
 *     (R3.5)
 * @param maxEligibleLagBytes what a replica may lack of the last known position of the primary and
 *     still take over (R3.6)
 * @param customCheck a query that must succeed, and whose first column must not be false: run
 *     read-only, as the monitoring role, within {@code checkTimeout} (R3.12)
 * @param customCheckCounts whether one that fails is a failed check of the primary, and may so cost
 *     it its place; else it is an alert only (D9)
 * @param cooldown the least time between two automatic failovers (R3.50)
 * @param failoversPerHour the most automatic failovers within any hour; 0 never
 * @param leaseTtl how long a primary may commit without a renewal (S2). Everything else of the
 *     lease follows from it, in this order: renewal interval, self-fence, expiry, earliest
 *     promotion
 * @param restartTimeout how long a dead primary on a living host is waited for where no replica
 *     surely has everything
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
        Duration restartTimeout) {

    /** What an instance has until somebody says otherwise. */
    public static final HealthMonitorConfig DEFAULT =
            new HealthMonitorConfig(
                    Duration.ofSeconds(1),
                    3,
                    Duration.ofSeconds(1),
                    16L << 20,
                    Optional.empty(),
                    false,
                    Duration.ofMinutes(1),
                    6,
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(30));

    private static final int LONGEST_QUERY = 2_000;

    /**
     * All that is wrong with it, each fault with the rule that it breaks; empty when it is good.
     */
    public List<FieldFault> faults() {
        List<FieldFault> faults = new ArrayList<>();
        between(faults, "checkInterval", checkInterval, "PT0.2S", "PT1M");
        between(faults, "checkTimeout", checkTimeout, "PT0.1S", "PT1M");
        between(faults, "cooldown", cooldown, "PT0S", "PT24H");
        between(faults, "leaseTtl", leaseTtl, "PT1S", "PT1M");
        between(faults, "restartTimeout", restartTimeout, "PT1S", "PT1H");
        within(faults, "failureThreshold", failureThreshold, 1, 100);
        within(faults, "failoversPerHour", failoversPerHour, 0, 60);
        within(faults, "maxEligibleLagBytes", maxEligibleLagBytes, 0, 1L << 50);
        if (checkTimeout.compareTo(checkInterval) > 0) {
            faults.add(
                    new FieldFault(
                            "checkTimeout",
                            "must not be longer than checkInterval (%s): a check ends before the"
                                            .formatted(checkInterval)
                                    + " next one is due, so that checks never pile up"));
        }
        if (restartTimeout.compareTo(leaseTtl) < 0) {
            faults.add(
                    new FieldFault(
                            "restartTimeout",
                            "must not be shorter than leaseTtl (%s): renewal < self-fence < expiry <"
                                            .formatted(leaseTtl)
                                    + " earliest promotion, and a restart is waited for at least as"
                                    + " long as a lost host (S2)"));
        }
        customCheck.flatMap(HealthMonitorConfig::queryFault).ifPresent(faults::add);
        return faults;
    }

    /** The same, if it is good; else refuses with everything that is wrong. */
    public HealthMonitorConfig checked() {
        List<FieldFault> faults = faults();
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
        return this;
    }

    /** The longest that a hang goes unnoticed: it may begin right after a check. */
    public Duration slowestDetection() {
        return checkInterval.multipliedBy(failureThreshold).plus(checkTimeout);
    }

    private static Optional<FieldFault> queryFault(String query) {
        if (query.isBlank()) {
            return Optional.of(
                    new FieldFault("customCheck", "must be a query; leave it out for none"));
        }
        if (query.length() > LONGEST_QUERY) {
            return Optional.of(
                    new FieldFault(
                            "customCheck", "must have at most " + LONGEST_QUERY + " characters"));
        }
        return Optional.empty();
    }

    private static void between(
            List<FieldFault> faults, String field, Duration value, String least, String most) {
        if (value.compareTo(Duration.parse(least)) < 0
                || value.compareTo(Duration.parse(most)) > 0) {
            faults.add(new FieldFault(field, "must be from %s to %s".formatted(least, most)));
        }
    }

    private static void within(
            List<FieldFault> faults, String field, long value, long least, long most) {
        if (value < least || value > most) {
            faults.add(new FieldFault(field, "must be from %d to %d".formatted(least, most)));
        }
    }
}
