package dev.toygres.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a failover would do, without doing it.
 *
 * @param possible whether it would be accepted now
 * @param newPrimaryId who would become primary; absent when nobody can
 * @param reasons why not, or what to know beforehand, in words
 * @param bytesAtRisk what the new primary has not received just now; a failover with waitForSync
 *     loses nothing of it
 * @param expectedInterruptionMs the middle of the last planned ones on this instance; absent when
 *     there were none
 * @param sessions open client sessions on the primary, those behind the pooled endpoint included;
 *     they end. Absent when the primary does not answer
 * @param idleInTransaction of these, how many sit in a transaction and do nothing
 * @param longTransactions transactions that have been open for longer than drainTimeout; they are
 *     likely to be cut
 * @param openTransactions those open for a second or more, the oldest first, at most 20
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
        Optional<Integer> idleInTransaction,
        Optional<Integer> longTransactions,
        List<OpenTransaction> openTransactions,
        List<String> steps) {
    public FailoverPlan {
        // A plan of a server that does not tell them yet.
        openTransactions = Objects.requireNonNullElse(openTransactions, List.of());
    }
}
