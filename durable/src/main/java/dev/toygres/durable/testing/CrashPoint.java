package dev.toygres.durable.testing;

import dev.toygres.durable.JournalProbe;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Crashes at the n-th journal write, on the near or on the far side of it. */
public final class CrashPoint implements JournalProbe {
    private final int number;
    private final Side side;
    private final Runnable crash;
    private final AtomicInteger seen = new AtomicInteger();
    private final AtomicBoolean crashed = new AtomicBoolean();
    private final List<String> writes = new CopyOnWriteArrayList<>();

    /**
     * @param number counted from 1
     * @param crash what loses the engine
     */
    public CrashPoint(int number, Side side, Runnable crash) {
        this.number = number;
        this.side = side;
        this.crash = crash;
    }

    /** Whether the write is lost, too, or only what would come after it. */
    public enum Side {
        Before,
        After
    }

    @Override
    public void before(String operationId, String write) {
        writes.add(write);
        if (seen.incrementAndGet() == number && side == Side.Before) {
            crash();
        }
    }

    @Override
    public void after(String operationId, String write) {
        if (seen.get() >= number && side == Side.After) {
            crash();
        }
    }

    private void crash() {
        if (crashed.compareAndSet(false, true)) {
            crash.run();
        }
    }

    /** Whether the point was reached. */
    public boolean isCrashed() {
        return crashed.get();
    }

    /** The writes up to the crash. */
    public List<String> writes() {
        return List.copyOf(writes);
    }
}
