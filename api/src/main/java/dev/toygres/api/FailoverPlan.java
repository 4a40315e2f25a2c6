package dev.toygres.api;

import java.util.List;
import java.util.Optional;

/**
 * What a failover would do, without doing it.
 *
 * @param possible whether it would be accepted now
 * @param newPrimaryId who would become primary; absent when nobody can
 * @param reasons why not, or what to know beforehand, in words
 * @param bytesAtRisk what the new primary has not received just now; a failover with waitForSync
 *     loses nothing of it
 * @param expectedInterruptionMs from the last ones on this instance; absent when there were none
 * @param sessions open client sessions on the primary; they end
 * @param longTransactions transactions that may outlast drainTimeout; they are cut
 * @param steps what would be done, in order
 */
public record FailoverPlan(
        String instanceId,
        boolean possible,
        String oldPrimaryId,
        Optional<String> newPrimaryId,
        List<String> reasons,
        Optional<Long> bytesAtRisk,
        Optional<Long> expectedInterruptionMs,
        Optional<Integer> sessions,
        Optional<Integer> longTransactions,
        List<String> steps) {}
