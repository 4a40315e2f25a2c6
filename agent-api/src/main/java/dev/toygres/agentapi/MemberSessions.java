package dev.toygres.agentapi;

import java.util.List;

/**
 * Who is connected to a member, its own roles left out. No text of a query: there may be secrets in
 * it.
 *
 * @param transactions open for a second or more, the oldest first, a bounded number of them
 */
public record MemberSessions(
        int clients, int idleInTransaction, List<OpenTransaction> transactions) {
    public MemberSessions {
        transactions = List.copyOf(transactions);
    }

    /**
     * One that a stop of the member would cut.
     *
     * @param state as in {@code pg_stat_activity.state}
     */
    public record OpenTransaction(
            String user, String application, String database, String state, long ageMs) {}
}
