package dev.toygres.agent.process;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Looks for an effect every few milliseconds: the tools' own waiting looks every hundred. */
public final class Await {
    private static final Duration PAUSE = Duration.ofMillis(2);

    private Await() {}

    /** Whether it came true within the limit. */
    public static boolean until(Duration limit, BooleanSupplier effect) {
        var deadline = System.nanoTime() + limit.toNanos();
        while (!effect.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            pause(PAUSE);
        }
        return true;
    }

    /** Sleeps; an interrupt ends the work of this thread. */
    public static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException cause) {
            Thread.currentThread().interrupt();
            throw new ToolFailed("interrupted");
        }
    }
}
