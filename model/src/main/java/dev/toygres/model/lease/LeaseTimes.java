package dev.toygres.model.lease;

import java.time.Duration;

/**
 * All times of a lease, from its time to live (S2). Everything of the primary counts from the stamp
 * of a challenge, on its own clock; everything of the server from when that challenge had arrived
 * there, which is later, on the server's clock. They are ordered for every time to live:
 *
 * <pre>renewal &lt; vouchers are asked for &lt; self-fence &lt; expiry &lt; earliest promotion
 * </pre>
 *
 * @param ttl from the stamp to the expiry of a grant or voucher
 */
public record LeaseTimes(Duration ttl) {
    /** What a server may have read of an instance before a change and still act on. */
    public static final Duration OLDEST_VIEW = Duration.ofSeconds(1);

    public LeaseTimes {
        if (ttl.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("a lease lives at least one second, not " + ttl);
        }
    }

    public static LeaseTimes of(Duration ttl) {
        return new LeaseTimes(ttl);
    }

    public static LeaseTimes ofMillis(long ttl) {
        return new LeaseTimes(Duration.ofMillis(ttl));
    }

    /** Between two renewals of the server, and between two rounds of vouchers. */
    public Duration renewal() {
        return ttl.dividedBy(6);
    }

    /** The server has been silent for this long since the last stamp that it answered. */
    public Duration silence() {
        return ttl.dividedBy(3);
    }

    /**
     * The guard kills at this time after the stamp; the tenth that is left is for the guard to wake
     * on a busy machine, and for the kernel to end the processes.
     */
    public Duration selfFence() {
        return ttl.minus(ttl.dividedBy(10));
    }

    /**
     * Nobody is promoted before: one hundredth for clocks that run at different rates. Clocks that
     * are disciplined by NTP differ by at most a thousandth (500 ppm each way).
     */
    public Duration earliestPromotion() {
        return surely(ttl);
    }

    /** So long on our clock that it has been {@code time} on any other. */
    public static Duration surely(Duration time) {
        return time.plus(time.dividedBy(100)).plusMillis(1);
    }
}
