package dev.toygres.server.monitor;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does something again and again, with a pause between; an error ends one turn and no more. */
public final class Every implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Every.class);

    private final ScheduledExecutorService thread;

    private Every(ScheduledExecutorService thread) {
        this.thread = thread;
    }

    public static Every start(String name, Duration pause, Runnable work) {
        ScheduledExecutorService thread =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name(name).factory());
        var _ =
                thread.scheduleWithFixedDelay(
                        () -> turn(name, work), 0, pause.toMillis(), TimeUnit.MILLISECONDS);
        return new Every(thread);
    }

    private static void turn(String name, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("{} did not succeed this time: {}", name, e.toString());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
