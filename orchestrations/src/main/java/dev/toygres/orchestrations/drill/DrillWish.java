package dev.toygres.orchestrations.drill;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A wish for a drill, or for drills by schedule, as it came in.
 *
 * @param cron of a schedule only
 * @param queries absent, of a single drill: those of the schedule; so are the goals
 */
public record DrillWish(
        Optional<String> cron,
        Optional<String> timeZone,
        Optional<List<String>> queries,
        Optional<Duration> restoreTime,
        Optional<Duration> dataAge) {}
