package dev.toygres.agent;

import dev.toygres.agent.member.Members;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A number that changes within milliseconds of what the server should not have to wait for. */
final class Pulse implements AutoCloseable {
    private static final Duration TURN = Duration.ofMillis(10);

    private final Members members;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private volatile long seen;

    /** Numbers of an agent before us mean nothing now: a new life begins somewhere else. */
    private final AtomicLong beats = new AtomicLong(System.nanoTime() & 0xFFFF_FFFF_FFFFL);

    Pulse(Members members) {
        this.members = members;
        thread = Thread.ofPlatform().daemon().name("pulse").start(this::run);
    }

    long now() {
        return beats.get();
    }

    /** Until the pulse is another one, or the time is over. */
    void await(long old, Duration limit) throws InterruptedException {
        var left = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (beats.get() == old && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            if (members.pulse() != seen) {
                // So that the status that is asked for now says what has just happened.
                members.look();
                seen = members.pulse();
                tell();
            }
            try {
                TimeUnit.NANOSECONDS.sleep(TURN.toNanos());
            } catch (InterruptedException ending) {
                return;
            }
        }
    }

    private void tell() {
        lock.lock();
        try {
            beats.incrementAndGet();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
