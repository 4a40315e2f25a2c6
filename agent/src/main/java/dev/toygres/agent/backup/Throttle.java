package dev.toygres.agent.backup;

import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.Processes;
import dev.toygres.agent.process.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps a backup below a rate: the engine knows none. Its processes are stopped and continued by
 * turns, by what /proc says that they have read; who finds them stopped after our death kills them.
 */
final class Throttle implements AutoCloseable {
    private static final Duration TURN = Duration.ofMillis(100);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

    private final Path configuration;
    private final long bytesPerSecond;
    private final Map<Long, Long> read = new HashMap<>();
    private final long began = System.nanoTime();
    private volatile boolean going = true;

    private Throttle(Path configuration, int kilobytes) {
        this.configuration = configuration;
        bytesPerSecond = kilobytes * 1024L;
    }

    static Throttle of(Path configuration, int kilobytes) {
        var throttle = new Throttle(configuration, kilobytes);
        if (kilobytes > 0) {
            Thread.ofVirtual().name("throttle").start(throttle::run);
        }
        return throttle;
    }

    private void run() {
        while (going) {
            Await.pause(TURN);
            var ahead = ahead();
            if (ahead.isPositive()) {
                all(Signal.STOP);
                Await.pause(ahead.compareTo(LONGEST_STOP) < 0 ? ahead : LONGEST_STOP);
                all(Signal.CONT);
            }
        }
    }

    /** How long nothing should be read. */
    private Duration ahead() {
        for (var pid : Processes.holding(configuration.toString())) {
            bytesRead(pid);
        }
        var bytes = read.values().stream().mapToLong(Long::longValue).sum();
        var due = Duration.ofMillis(1000 * bytes / bytesPerSecond);
        return due.minusNanos(System.nanoTime() - began);
    }

    /** rchar counts what came from the page cache too. */
    private void bytesRead(long pid) {
        try {
            Files.readAllLines(Path.of("/proc/" + pid + "/io")).stream()
                    .filter(line -> line.startsWith("rchar:"))
                    .findFirst()
                    .ifPresent(line -> read.put(pid, Long.parseLong(line.substring(6).strip())));
        } catch (IOException gone) {
            return;
        }
    }

    private void all(Signal signal) {
        Processes.holding(configuration.toString()).forEach(signal::to);
    }

    @Override
    public void close() {
        going = false;
    }
}
