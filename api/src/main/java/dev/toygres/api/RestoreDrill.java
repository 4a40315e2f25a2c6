package dev.toygres.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A rehearsal of a restore: to a throw-away instance, as if the source were lost that moment.
 *
 * @param id of its operation
 * @param backupId the one that it began with
 * @param state Running, Passed (restored, and sound) or Failed
 * @param restorableTo up to when everything was in the archive when it began
 * @param restoreTime from the request to the first query
 * @param dataAge what was written within so long before the request would have been lost
 * @param maxRestoreTime the goal; an alert tells when it is exceeded
 * @param maxDataAge likewise
 * @param corruption what pg_amcheck found
 * @param checks what the chosen queries answered
 * @param trouble why it failed
 */
public record RestoreDrill(
        String id,
        String instanceId,
        Optional<String> backupId,
        String state,
        Instant startedAt,
        Optional<Instant> completedAt,
        Optional<Instant> restorableTo,
        Optional<Duration> restoreTime,
        Optional<Duration> dataAge,
        Optional<Duration> maxRestoreTime,
        Optional<Duration> maxDataAge,
        List<String> corruption,
        List<RestoreDrillCheck> checks,
        Optional<String> trouble) {}
