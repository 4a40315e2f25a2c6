package dev.toygres.agent.lease;

import dev.toygres.agentapi.lease.Electorate;
import dev.toygres.model.MemberId;
import dev.toygres.model.lease.LeaseTimes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a primary has been granted, by the server or by its electors. Never durable: after a restart
 * it has to be granted anew. Each grant and voucher counts from the stamp of the challenge that it
 * answers (S2), so one that lay in a buffer during a pause revives nothing.
 */
public final class Lease {
    /**
     * @param at when it was asked for
     * @param ttlMs for how long it was asked for; a grant lasts as long as the electorate says,
     *     which no server has ever counted with less than
     */
    private record Stamp(long term, long at, long ttlMs) {
        /** When it ends the primary of that term; 0 if it never kept it alive. */
        long fenceAt(long wanted, Electorate electorate) {
            var ttl = Math.min(ttlMs, electorate.ttlMs());
            return term == wanted && at != 0
                    ? at + LeaseTimes.ofMillis(ttl).selfFence().toNanos()
                    : 0;
        }
    }

    private static final Stamp NONE = new Stamp(-1, 0, 0);

    private Stamp grant = NONE;
    private final Map<MemberId, Stamp> vouchers = new HashMap<>();

    /** By the server; a late or repeated one changes nothing. */
    public synchronized void granted(long term, long stamp) {
        grant = newer(grant, new Stamp(term, stamp, Long.MAX_VALUE));
    }

    /**
     * By the agent of that elector, asked at that time for so long. Under a list that came later
     * and has a longer lease it is worth no more than that: the elector counts with what it was
     * asked for.
     */
    public synchronized void vouched(MemberId elector, long term, long stamp, long ttlMs) {
        vouchers.merge(elector, new Stamp(term, stamp, ttlMs), Lease::newer);
    }

    private static Stamp newer(Stamp held, Stamp next) {
        if (next.term() != held.term()) {
            return next.term() > held.term() ? next : held;
        }
        return next.at() > held.at() ? next : held;
    }

    /**
     * When the guard has to end the primary of that term: by the server's grant, or by the oldest
     * of all vouchers, whichever is later. 0 when there has never been leave.
     */
    public synchronized long fenceAt(long term, Electorate electorate) {
        var byElectors =
                electorate.ids().stream()
                        .mapToLong(id -> voucher(id).fenceAt(term, electorate))
                        .min()
                        .orElse(0);
        return Math.max(grant.fenceAt(term, electorate), byElectors);
    }

    private Stamp voucher(MemberId id) {
        return vouchers.getOrDefault(id, NONE);
    }

    /** Whether the server has not renewed for so long that electors should be asked. */
    public synchronized boolean isServerSilent(long term, Electorate electorate, long now) {
        var silence = LeaseTimes.ofMillis(electorate.ttlMs()).silence().toNanos();
        return grant.term() != term || now - grant.at() > silence;
    }

    /** Electors without a voucher that could still be used. */
    public synchronized List<MemberId> missing(long term, Electorate electorate, long now) {
        return electorate.ids().stream()
                .filter(id -> voucher(id).fenceAt(term, electorate) <= now)
                .toList();
    }
}
