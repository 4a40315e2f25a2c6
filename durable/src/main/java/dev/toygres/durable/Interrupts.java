package dev.toygres.durable;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What may come between a run and its next step: a loss, a shutdown, a cancel. */
final class Interrupts {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Thread> attempts = ConcurrentHashMap.newKeySet();
    private final Set<Thread> abortable = ConcurrentHashMap.newKeySet();
    private volatile boolean lost;
    private volatile boolean stopping;
    private volatile boolean stoppingNow;
    private volatile boolean cancelled;

    /** The run may write nothing any more. */
    void lose() {
        lost = true;
        attempts.forEach(Thread::interrupt);
        wake();
    }

    /** The run shall let go at its next step. */
    void stop() {
        stopping = true;
        wake();
    }

    /** The run shall let go in the middle of a step. */
    void stopNow() {
        stopping = true;
        stoppingNow = true;
        attempts.forEach(Thread::interrupt);
        wake();
    }

    void cancel() {
        cancelled = true;
        abortable.forEach(Thread::interrupt);
        wake();
    }

    boolean isLost() {
        return lost;
    }

    boolean isStopping() {
        return stopping;
    }

    boolean isStoppingNow() {
        return stoppingNow;
    }

    boolean isCancelled() {
        return cancelled;
    }

    void enter(Thread attempt, boolean mayBeAborted) {
        attempts.add(attempt);
        if (mayBeAborted) {
            abortable.add(attempt);
        }
        if (lost || stoppingNow || (mayBeAborted && cancelled)) {
            attempt.interrupt();
        }
    }

    void leave(Thread attempt) {
        attempts.remove(attempt);
        abortable.remove(attempt);
    }

    /** Waits, but no longer than until something comes in between. */
    void pause(Duration duration, boolean heedCancel) {
        long left = duration.toNanos();
        lock.lock();
        try {
            while (left > 0 && !lost && !stopping && !(heedCancel && cancelled)) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
