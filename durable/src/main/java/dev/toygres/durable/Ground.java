package dev.toygres.durable;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** What every run of an engine stands on. */
record Ground(
        Database database,
        Json json,
        InstantSource clock,
        EngineOptions options,
        JournalProbe probe,
        Announcer announcer) {

    /** The time as Postgres can keep it. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
