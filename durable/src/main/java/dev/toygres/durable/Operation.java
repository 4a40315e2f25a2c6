package dev.toygres.durable;

import java.time.Instant;
import java.util.Optional;

/**
 * An operation as seen from outside. {@code result}, {@code error} and {@code question} are JSON.
 *
 * @param progress a fraction from 0 to 1
 * @param revision grows with every change that a watcher may want to see
 */
public record Operation(
        String id,
        String type,
        Optional<String> subject,
        OperationState state,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> completedAt,
        double progress,
        Optional<String> currentStep,
        Optional<String> words,
        Optional<String> error,
        Optional<String> result,
        Optional<String> question,
        Optional<String> parentId,
        boolean cancelRequested,
        boolean cancellable,
        long revision) {}
