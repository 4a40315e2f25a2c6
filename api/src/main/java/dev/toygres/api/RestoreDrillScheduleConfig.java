package dev.toygres.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * PUT /instances/{id}/restore-drill-schedule.
 *
 * @param cron five fields: minute, hour, day of month, month, day of week
 * @param timeZone default: UTC
 * @param queries whose rows are counted and summed, run by the owner of the database
 * @param maxRestoreTime from the request to the first query; an alert tells when it is exceeded
 * @param maxDataAge what was written within so long before may be lost
 */
public record RestoreDrillScheduleConfig(
        String cron,
        Optional<String> timeZone,
        Optional<List<String>> queries,
        Optional<Duration> maxRestoreTime,
        Optional<Duration> maxDataAge) {}
