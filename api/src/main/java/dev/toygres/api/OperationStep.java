package dev.toygres.api;

import java.time.Instant;
import java.util.Optional;

/** One line of an operation's history. */
public record OperationStep(
        String name,
        String kind,
        String state,
        int attempt,
        Instant startedAt,
        Optional<Instant> endedAt,
        Optional<Double> progress,
        Optional<String> message,
        Optional<String> error) {}
