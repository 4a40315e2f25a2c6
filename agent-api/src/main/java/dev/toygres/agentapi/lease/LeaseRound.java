package dev.toygres.agentapi.lease;

import dev.toygres.model.MemberId;
import java.util.List;

/**
 * What the server sends an agent at each renewal: grants for all members of that host at once, all
 * of them answers to the challenge that came with the agent's last answer (S2). The first round
 * grants nothing, and only fetches a challenge.
 *
 * @param bootId of the challenge that is answered
 * @param stampNs of that challenge: the agent's own CLOCK_BOOTTIME
 */
public record LeaseRound(String bootId, long stampNs, List<Grant> grants) {
    /** Fetches a challenge. */
    public static final LeaseRound FIRST = new LeaseRound("", 0, List.of());

    /** That member may be primary in that term until the stamp plus its lease's time to live. */
    public record Grant(MemberId memberId, long term) {}

    public LeaseRound {
        grants = List.copyOf(grants);
    }
}
