package dev.toygres.agent.member;

import java.time.Duration;
import java.util.List;

/** How long a Postgres that keeps dying is left alone. */
final class Backoff {
    private static final List<Duration> PAUSES =
            List.of(
                    Duration.ZERO,
                    Duration.ofMillis(500),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30));

    /** Whoever lived that long died of something new. */
    static final Duration LONG_LIFE = Duration.ofSeconds(30);

    private Backoff() {}

    static Duration after(int deathsInARow) {
        return PAUSES.get(Math.min(deathsInARow, PAUSES.size() - 1));
    }
}
