package dev.toygres.durable;

import java.time.Instant;
import java.util.Optional;

/** One line of an operation's history. */
public record StepRecord(
        int generation,
        String path,
        String kind,
        String state,
        int attempt,
        Instant startedAt,
        Optional<Instant> endedAt,
        Optional<Double> progress,
        Optional<String> words,
        Optional<String> error) {}
