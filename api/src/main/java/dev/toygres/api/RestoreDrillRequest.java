package dev.toygres.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * POST /instances/{id}/restore-drills. What is absent is as in the schedule of its drills, if there
 * is one.
 *
 * @param queries whose rows are counted and summed, run by the owner of the database
 * @param maxRestoreTime from the request to the first query; an alert tells when it is exceeded
 * @param maxDataAge what was written within so long before may be lost
 */
public record RestoreDrillRequest(
        Optional<List<String>> queries,
        Optional<Duration> maxRestoreTime,
        Optional<Duration> maxDataAge) {}
