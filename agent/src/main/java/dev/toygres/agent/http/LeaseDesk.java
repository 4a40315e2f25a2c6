package dev.toygres.agent.http;

import dev.toygres.agentapi.lease.LeaseRound;
import dev.toygres.agentapi.lease.LeaseStanding;
import dev.toygres.agentapi.lease.VoucherRequest;
import dev.toygres.agentapi.lease.VoucherRequest.Voucher;
import dev.toygres.agentapi.lease.Witness;
import dev.toygres.model.HostId;
import dev.toygres.model.MemberId;
import java.time.Duration;

/** What is said about leases (ADR 12). */
public interface LeaseDesk {
    /** The server's grants; answers the next challenge. */
    LeaseStanding round(LeaseRound round);

    /** Another agent asks for the voucher of an elector on this host. */
    Voucher vouch(VoucherRequest asked, HostId asker);

    /** Asks the primary of that replica, now. */
    Witness witness(MemberId replica, Duration timeout);
}
