package dev.toygres.agent.member;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.Upstream;

/**
 * Whom a standby gets its WAL from; the password is in its passfile only.
 *
 * @param term whose primary that is; 0 when it was noted before that was
 */
record Following(Address address, String user, String slot, long term) {
    static Following of(Upstream upstream, long term) {
        return new Following(upstream.address(), upstream.user(), upstream.slot(), term);
    }

    /** The same of another member. */
    Following at(Address other) {
        return new Following(other, user, slot, term);
    }

    /** A libpq connection string: over TLS, to whoever the instance's authority vouches for. */
    String connection(MemberHome home, String more) {
        return "host=%s port=%d user=%s passfile=%s sslmode=verify-ca sslrootcert=%s connect_timeout=5"
                        .formatted(
                                quoted(address.host()),
                                address.port(),
                                quoted(user),
                                quoted(home.passfile().toString()),
                                quoted(home.authority().toString()))
                + " keepalives_idle=5 keepalives_interval=2 keepalives_count=3"
                + " tcp_user_timeout=15000 "
                + more;
    }

    static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
