package dev.toygres.durable;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What runs in this process, by fencing token. */
final class Runs {
    private final Map<Long, Run> byToken = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fewer = lock.newCondition();

    void add(Run run) {
        byToken.put(run.token(), run);
    }

    void remove(Run run) {
        byToken.remove(run.token());
        lock.lock();
        try {
            fewer.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        return byToken.size();
    }

    @Nullable Run find(long token) {
        return byToken.get(token);
    }

    void cancel(String id) {
        all(
                run -> {
                    if (run.id().equals(id)) {
                        run.interrupts().cancel();
                    }
                });
    }

    void loseAll() {
        all(run -> run.interrupts().lose());
    }

    void stopAll() {
        all(run -> run.interrupts().stop());
    }

    void stopAllNow() {
        all(run -> run.interrupts().stopNow());
    }

    private void all(Consumer<Run> action) {
        byToken.values().forEach(action);
    }

    /** Answers whether nothing runs any more. */
    boolean awaitNone(Duration limit) {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (!byToken.isEmpty() && left > 0) {
                left = fewer.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return byToken.isEmpty();
    }
}
