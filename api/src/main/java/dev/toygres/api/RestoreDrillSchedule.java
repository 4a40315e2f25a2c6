package dev.toygres.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** When restores of an instance are rehearsed, and what is looked at. */
public record RestoreDrillSchedule(
        String instanceId,
        String cron,
        String timeZone,
        List<String> queries,
        Optional<Duration> maxRestoreTime,
        Optional<Duration> maxDataAge,
        Optional<Instant> nextDrillAt) {}
