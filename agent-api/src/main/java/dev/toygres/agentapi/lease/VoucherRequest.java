package dev.toygres.agentapi.lease;

import dev.toygres.model.InstanceId;
import dev.toygres.model.MemberId;

/**
 * A primary's agent asks the agent of an elector for its voucher (S4): "I have durably not been
 * asked to become primary in a newer term". The answer counts from before the question was sent.
 *
 * @param ttlMs for how long the voucher will be used from then on
 * @param rehearsal whether it would be given is all that is asked: no voucher is out after a yes
 */
public record VoucherRequest(
        InstanceId instanceId,
        MemberId elector,
        long term,
        MemberId primary,
        long ttlMs,
        boolean rehearsal) {

    /** The answer; a refusal says why. */
    public record Voucher(boolean given, String words) {}
}
