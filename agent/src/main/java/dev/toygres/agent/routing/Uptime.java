package dev.toygres.agent.routing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How long the machine has been up: CLOCK_BOOTTIME in steps of 10 ms, which counts a suspend as
 * well, and which HAProxy's Lua can read too (proc(5), /proc/uptime).
 */
final class Uptime {
    private static final Path FILE = Path.of("/proc/uptime");

    private Uptime() {}

    static Duration now() {
        try {
            var seconds = new BigDecimal(Files.readString(FILE).split(" ", 2)[0]);
            return Duration.ofMillis(seconds.movePointRight(3).longValue());
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
