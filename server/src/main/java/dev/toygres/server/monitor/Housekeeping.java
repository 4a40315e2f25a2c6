package dev.toygres.server.monitor;

import dev.toygres.store.access.IdempotencyKeys;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets answers whose day is over. Any number of servers may do so at once. */
public final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final IdempotencyKeys keys;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("housekeeping").factory());

    public Housekeeping(IdempotencyKeys keys) {
        this.keys = keys;
    }

    public void every(Duration interval) {
        var _ =
                timer.scheduleWithFixedDelay(
                        this::tidy,
                        interval.toMillis(),
                        interval.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void tidy() {
        try {
            LOG.debug("forgot {} idempotency keys", keys.expire());
        } catch (RuntimeException e) {
            LOG.warn("cannot tidy up, will try again: {}", e.toString());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
