package dev.toygres.api;

import java.util.Optional;

/**
 * Who would take over now, and what would be lost if the primary's host burnt down.
 *
 * @param candidate the replica that would become primary; absent when none could
 * @param bytesAtRisk what it has not received just now; absent when nobody knows
 * @param message the same in words
 */
public record FailoverRisk(
        Optional<String> candidate, Optional<Long> bytesAtRisk, String message) {}
