package dev.toygres.server.edge;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * So many failures per source and window, then a pause. Remembers a bounded number of sources and
 * forgets the one that was quiet the longest.
 */
public final class FailureLimit {
    private static final int SOURCES = 10_000;

    private final int most;
    private final Duration window;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Window> windows =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
                    return size() > SOURCES;
                }
            };

    public FailureLimit(int most, Duration window, InstantSource clock) {
        this.most = most;
        this.window = window;
        this.clock = clock;
    }

    /** How long this source has to wait; empty when it has not failed too often. */
    Optional<Duration> pause(String address) {
        Instant now = clock.instant();
        lock.lock();
        try {
            Window seen = windows.get(source(address));
            if (seen == null || seen.failures() < most || !now.isBefore(seen.ends())) {
                return Optional.empty();
            }
            return Optional.of(Duration.between(now, seen.ends()));
        } finally {
            lock.unlock();
        }
    }

    void failed(String address) {
        Instant now = clock.instant();
        lock.lock();
        try {
            windows.compute(
                    source(address),
                    (_, seen) ->
                            seen == null || !now.isBefore(seen.ends())
                                    ? new Window(now.plus(window), 1)
                                    : new Window(seen.ends(), seen.failures() + 1));
        } finally {
            lock.unlock();
        }
    }

    /** A house with IPv6 owns a whole /64: it is one source. */
    private static String source(String address) {
        String[] groups = address.split(":", -1);
        return groups.length < 5 || address.contains("::")
                ? address
                : String.join(":", groups[0], groups[1], groups[2], groups[3]);
    }

    private record Window(Instant ends, int failures) {}
}
