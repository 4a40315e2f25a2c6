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
    private record Stamp(long term, long at) {
        boolean isOf(long wanted) {
            return term == wanted;
        }
    }

    private static final Stamp NONE = new Stamp(-1, 0);

    private Stamp grant = NONE;
    private final Map<MemberId, Stamp> vouchers = new HashMap<>();

    /** By the server; a late or repeated one changes nothing. */
    public synchronized void granted(long term, long stamp) {
        grant = newer(grant, new Stamp(term, stamp));
    }

    /** By the agent of that elector, asked at that time. */
    public synchronized void vouched(MemberId elector, long term, long stamp) {
        vouchers.merge(elector, new Stamp(term, stamp), Lease::newer);
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
        var byServer = grant.isOf(term) ? grant.at() : 0;
        var byElectors =
                electorate.ids().stream()
                        .map(id -> vouchers.getOrDefault(id, NONE))
                        .mapToLong(one -> one.isOf(term) ? one.at() : 0)
                        .min()
                        .orElse(0);
        var stamp = Math.max(byServer, byElectors);
        return stamp == 0 ? 0 : stamp + times(electorate).selfFence().toNanos();
    }

    /** Whether the server has not renewed for so long that electors should be asked. */
    public synchronized boolean isServerSilent(long term, Electorate electorate, long now) {
        return !grant.isOf(term) || now - grant.at() > times(electorate).silence().toNanos();
    }

    /** Electors without a voucher that could still be used. */
    public synchronized List<MemberId> missing(long term, Electorate electorate, long now) {
        return electorate.ids().stream()
                .filter(id -> !isUsable(id, term, electorate, now))
                .toList();
    }

    private boolean isUsable(MemberId id, long term, Electorate electorate, long now) {
        var voucher = vouchers.getOrDefault(id, NONE);
        return voucher.isOf(term) && now - voucher.at() < times(electorate).selfFence().toNanos();
    }

    private static LeaseTimes times(Electorate electorate) {
        return LeaseTimes.ofMillis(electorate.ttlMs());
    }
}
