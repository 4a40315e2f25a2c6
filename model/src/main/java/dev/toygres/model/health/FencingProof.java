package dev.toygres.model.health;

import java.time.Instant;

/**
 * How it is known that a former primary cannot acknowledge another commit (S5). There are these
 * three ways, and no other; whoever cannot show one of them does not promote.
 */
public sealed interface FencingProof {

    /** The former primary that the proof is about. */
    String memberId();

    /** In one sentence, for the account of the failover and for whoever reads it in the morning. */
    String words();

    /**
     * Its agent or guard says that no process of its data directory is left, and that a durable
     * mark keeps it from being started writable again.
     *
     * @param hostId whose agent said so
     */
    record ConfirmedStop(String memberId, String hostId, Instant at) implements FencingProof {
        @Override
        public String words() {
            return "%s: the agent of %s confirmed at %s that no process of its data directory is left"
                    .formatted(memberId, hostId, at);
        }
    }

    /**
     * The provider of the host says that the host is gone and does not come back by itself.
     *
     * @param by who said so
     */
    record HostGone(String memberId, String hostId, String by, Instant at) implements FencingProof {
        @Override
        public String words() {
            return "%s: %s said at %s that host %s is gone".formatted(memberId, by, at, hostId);
        }
    }

    /**
     * Lease and vouchers have run out, and a guard enforces that (S2, S3, S4).
     *
     * @param term of the lease
     * @param by what ended it, in words: the last grant, and whose vouchers can no longer be given
     * @param until when it had run out for certain; for people only: nothing is measured by a wall
     *     clock
     */
    record LeaseExpired(String memberId, long term, String by, Instant until)
            implements FencingProof {
        @Override
        public String words() {
            return "%s: its lease of term %d ran out by %s (%s)"
                    .formatted(memberId, term, until, by);
        }
    }
}
