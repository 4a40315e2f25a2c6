package dev.toygres.agent;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Ends the work of an agent at one point: the thread that gets there goes no further, for ever. */
record Dying(String at, CountDownLatch died) implements CrashPoint {
    Dying(String at) {
        this(at, new CountDownLatch(1));
    }

    @Override
    public void reached(String name) {
        if (name.equals(at)) {
            died.countDown();
            for (; ; ) {
                LockSupport.park();
            }
        }
    }

    void awaitDeath() throws InterruptedException {
        if (!died.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("never reached: " + at);
        }
    }
}
