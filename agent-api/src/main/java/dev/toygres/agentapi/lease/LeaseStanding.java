package dev.toygres.agentapi.lease;

import dev.toygres.model.InstanceId;
import dev.toygres.model.MemberId;
import java.util.List;

/**
 * An agent's answer to a {@link LeaseRound}: the next challenge, and how its members stand.
 *
 * @param bootId of the machine, not of the agent: a grant outlives a restart of the agent
 * @param members that are or were primary
 * @param stampNs CLOCK_BOOTTIME of the agent's machine when it made this answer
 */
public record LeaseStanding(
        String bootId, long stampNs, List<Holding> members, List<Promise> promises) {
    public LeaseStanding {
        members = List.copyOf(members);
        promises = List.copyOf(promises);
    }

    /**
     * An elector.
     *
     * @param preparedFor the open term that it waits to be promoted to; 0 for none
     * @param vouchersOutMs for how long a voucher that it gave may still be used
     */
    public record Promise(MemberId memberId, long preparedFor, long vouchersOutMs) {}

    /**
     * A member that is or was primary.
     *
     * @param term the newest that it knows
     * @param leftMs until it fences itself; 0 when it may not serve, or needs no lease
     * @param missing electors whose vouchers it asked for and did not get
     */
    public record Holding(
            InstanceId instanceId,
            MemberId memberId,
            long term,
            boolean needsLease,
            long electorateVersion,
            long leftMs,
            List<MemberId> missing) {
        public Holding {
            missing = List.copyOf(missing);
        }
    }
}
