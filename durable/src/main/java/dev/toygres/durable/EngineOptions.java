package dev.toygres.durable;

import java.time.Duration;

/**
 * How an engine works.
 *
 * @param pollInterval how often it looks for due work when nothing woke it
 * @param heartbeat how often it says that it lives
 * @param missedHeartbeats after so many a server counts as dead and its work is taken over
 * @param workers the most operations that run at once
 * @param announceAfter a step that lasts longer shows itself as running
 * @param shortWait waits up to this stay in memory; longer ones park the run
 * @param grace how long {@link Engine#close()} lets running attempts finish
 * @param retention how long finished operations are kept
 */
public record EngineOptions(
        Duration pollInterval,
        Duration heartbeat,
        int missedHeartbeats,
        int workers,
        Duration announceAfter,
        Duration shortWait,
        Duration grace,
        Duration retention) {

    public static final EngineOptions DEFAULT =
            new EngineOptions(
                    Duration.ofMillis(250),
                    Duration.ofSeconds(1),
                    4,
                    256,
                    Duration.ofMillis(100),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(5),
                    Duration.ofDays(30));

    public EngineOptions {
        if (missedHeartbeats < 4) {
            throw new IllegalArgumentException(
                    "missedHeartbeats must be at least 4, is " + missedHeartbeats);
        }
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be at least 1, is " + workers);
        }
    }

    /** Silence for this long means death. */
    public Duration limit() {
        return heartbeat.multipliedBy(missedHeartbeats);
    }

    public EngineOptions heartbeat(Duration interval) {
        return new EngineOptions(
                pollInterval,
                interval,
                missedHeartbeats,
                workers,
                announceAfter,
                shortWait,
                grace,
                retention);
    }

    public EngineOptions missedHeartbeats(int count) {
        return new EngineOptions(
                pollInterval,
                heartbeat,
                count,
                workers,
                announceAfter,
                shortWait,
                grace,
                retention);
    }

    public EngineOptions pollInterval(Duration interval) {
        return new EngineOptions(
                interval,
                heartbeat,
                missedHeartbeats,
                workers,
                announceAfter,
                shortWait,
                grace,
                retention);
    }

    public EngineOptions workers(int most) {
        return new EngineOptions(
                pollInterval,
                heartbeat,
                missedHeartbeats,
                most,
                announceAfter,
                shortWait,
                grace,
                retention);
    }

    public EngineOptions announceAfter(Duration patience) {
        return new EngineOptions(
                pollInterval,
                heartbeat,
                missedHeartbeats,
                workers,
                patience,
                shortWait,
                grace,
                retention);
    }

    public EngineOptions shortWait(Duration most) {
        return new EngineOptions(
                pollInterval,
                heartbeat,
                missedHeartbeats,
                workers,
                announceAfter,
                most,
                grace,
                retention);
    }

    public EngineOptions grace(Duration most) {
        return new EngineOptions(
                pollInterval,
                heartbeat,
                missedHeartbeats,
                workers,
                announceAfter,
                shortWait,
                most,
                retention);
    }

    public EngineOptions retention(Duration age) {
        return new EngineOptions(
                pollInterval,
                heartbeat,
                missedHeartbeats,
                workers,
                announceAfter,
                shortWait,
                grace,
                age);
    }
}
