package dev.toygres.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits for something to become true, never longer than the deadline. */
public final class Eventually {
    private static final Duration PAUSE = Duration.ofMillis(10);

    private Eventually() {}

    /** What has to hold; it throws as long as it does not. */
    @FunctionalInterface
    public interface Check {
        void run() throws Exception;
    }

    /** Something that is looked at until it is true. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** Repeats the check until it passes; after the deadline its last complaint is thrown. */
    public static void within(Duration limit, Check check) {
        long deadline = System.nanoTime() + patience(limit).toNanos();
        while (true) {
            Throwable complaint = complaint(check);
            if (complaint == null) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + patience(limit), complaint);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Repeats the question until it is answered with yes. */
    public static void until(Duration limit, String what, Condition condition) {
        within(
                limit,
                () -> {
                    if (!condition.holds()) {
                        throw new IllegalStateException("not yet: " + what);
                    }
                });
    }

    /** Returns when so much time is over, which no slow machine makes longer. */
    public static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left; (left = end - System.nanoTime()) > 0; ) {
            LockSupport.parkNanos(left);
        }
    }

    /** Slow machines get more time: TOYGRES_TEST_PATIENCE is a factor. */
    public static Duration patience(Duration limit) {
        String factor = System.getenv("TOYGRES_TEST_PATIENCE");
        if (factor == null) {
            return limit;
        }
        return Duration.ofMillis((long) (limit.toMillis() * Double.parseDouble(factor)));
    }

    private static @Nullable Throwable complaint(Check check) {
        try {
            check.run();
            return null;
        } catch (Exception | AssertionError e) {
            return e;
        }
    }
}
