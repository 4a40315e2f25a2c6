package dev.toygres.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Around work that has to tidy up: Ctrl-C interrupts the work instead of ending the program at
 * once, and the program waits until the work has tidied up and closes this.
 */
final class Unwinding implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;

    Unwinding() {
        var worker = Thread.currentThread();
        hook = Thread.ofPlatform().unstarted(() -> unwind(worker));
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void unwind(Thread worker) {
        worker.interrupt();
        try {
            closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The interrupt has done its work; what comes now, is to run to its end. */
    void tidyUp(Runnable work) {
        boolean interrupted = Thread.interrupted();
        work.run();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The program is ending, and the hook was what it waited for.
        }
    }
}
