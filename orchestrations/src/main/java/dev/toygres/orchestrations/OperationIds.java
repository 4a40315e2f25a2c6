package dev.toygres.orchestrations;

import java.security.SecureRandom;
import java.time.InstantSource;

/** Ids of operations: never reused, and in the order of their making. */
public final class OperationIds {
    private static final SecureRandom RANDOM = new SecureRandom();

    private OperationIds() {}

    /** Milliseconds and 40 random bits, base 36. */
    public static String next(InstantSource clock) {
        String time = Long.toString(clock.millis(), 36);
        String tail = Long.toString(RANDOM.nextLong(1L << 40), 36);
        return "op-" + time + "-" + "0".repeat(8 - tail.length()) + tail;
    }
}
