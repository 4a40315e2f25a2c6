package dev.toygres.agentapi.lease;

import dev.toygres.agentapi.Address;
import dev.toygres.model.HostId;
import dev.toygres.model.MemberId;
import java.util.List;

/**
 * Whose vouchers keep a primary's lease while the server is silent: all members that could be
 * promoted without its consent (S4). Empty: nobody could, and it needs no lease.
 *
 * @param version only grows; a primary refuses an older one
 * @param ttlMs of every grant and voucher
 */
public record Electorate(long version, long ttlMs, List<Elector> members) {
    public static final Electorate NONE = new Electorate(0, 0, List.of());

    /** A replica that may be promoted, and where its agent listens. */
    public record Elector(MemberId memberId, HostId hostId, Address agent) {}

    public Electorate {
        members = List.copyOf(members);
    }

    /** Whether a primary with this list may only run while it holds a lease. */
    public boolean needsLease() {
        return !members.isEmpty();
    }

    public List<MemberId> ids() {
        return members.stream().map(Elector::memberId).toList();
    }
}
