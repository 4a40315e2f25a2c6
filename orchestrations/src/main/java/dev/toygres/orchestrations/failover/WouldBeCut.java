package dev.toygres.orchestrations.failover;

import dev.toygres.agentapi.MemberSessions;
import java.time.Duration;
import java.util.List;

/**
 * Whom a planned failover would cut off.
 *
 * @param sessions open client sessions on the primary, those of the pooled endpoint included
 * @param longTransactions that have been open for longer than the failover would wait for them
 * @param transactions open for a second or more, the oldest first
 */
public record WouldBeCut(
        int sessions,
        int idleInTransaction,
        int longTransactions,
        List<MemberSessions.OpenTransaction> transactions) {
    public WouldBeCut {
        transactions = List.copyOf(transactions);
    }

    static WouldBeCut of(MemberSessions seen, Duration patience) {
        return new WouldBeCut(
                seen.clients(),
                seen.idleInTransaction(),
                (int)
                        seen.transactions().stream()
                                .filter(one -> one.ageMs() >= patience.toMillis())
                                .count(),
                seen.transactions());
    }
}
