package dev.toygres.orchestrations.instance;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.Upstream;
import dev.toygres.store.MemberRow;

/** Where a standby gets its WAL from. */
public final class Upstreams {
    private final Vault vault;

    public Upstreams(Vault vault) {
        this.vault = vault;
    }

    public Upstream of(MemberRow primary, MemberRow standby) {
        return of(address(primary), standby);
    }

    public Upstream of(Address primary, MemberRow standby) {
        return new Upstream(
                primary,
                Vault.REPLICATOR,
                vault.replicatorPassword(standby.instanceId()).reveal(),
                standby.slot());
    }

    /** Where a member listens. */
    public static Address address(MemberRow member) {
        return new Address(member.addressHost().orElseThrow(), member.addressPort().orElseThrow());
    }
}
