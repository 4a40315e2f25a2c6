package dev.toygres.agent.member;

import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.Backends;
import dev.toygres.agent.process.Guard;
import dev.toygres.agent.process.Signal;
import dev.toygres.agent.process.ToolFailed;
import dev.toygres.model.StopMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The processes of one data directory: started, watched and stopped through their guard. */
final class Postgres {
    private static final int PID_LINE = 0;
    private static final int STATUS_LINE = 7;
    private static final Duration OTHER_GUARD = Duration.ofSeconds(2);

    /** From HAProxy's decision to let a client through to its connection. */
    private static final Duration HANDED_OVER = Duration.ofMillis(10);

    private static final Duration CALM = Duration.ofMillis(500);

    private final Guard guard;
    private final Path data;
    private final Limits limits;

    Postgres(Guard guard, Path data, Limits limits) {
        this.guard = guard;
        this.data = data;
        this.limits = limits;
    }

    /** Whether any process of the data directory may be there, as long as the guard lives. */
    boolean isGuarded() {
        return guard.pid().isPresent();
    }

    /** Whether it accepts connections, by its own word in postmaster.pid. */
    boolean isReady() {
        return says(Set.of("ready", "standby"));
    }

    /** Not a recovery that takes no questions: that calls itself a standby. */
    boolean isOpen() {
        return says(Set.of("ready"));
    }

    private boolean says(Set<String> wanted) {
        try {
            var lines = Files.readAllLines(data.resolve("postmaster.pid"));
            return lines.size() > STATUS_LINE
                    && wanted.contains(lines.get(STATUS_LINE).strip())
                    && guard.postmaster().map(String::valueOf).stream()
                            .anyMatch(lines.get(PID_LINE).strip()::equals)
                    && isGuarded();
        } catch (IOException notThere) {
            return false;
        }
    }

    /**
     * Starts it if it is not there, and waits until it accepts connections.
     *
     * @param deadline of its lease; 0 when it needs none
     */
    void start(Path bin, long deadline) {
        if (!isGuarded()) {
            launch(bin, deadline);
        }
        if (!Await.until(limits.start(), () -> isReady() || !isGuarded())) {
            throw new OrderFailed(
                    "Postgres does not accept connections after " + limits.start() + lastWords());
        }
        if (!isReady()) {
            throw new OrderFailed(
                    "Postgres " + guard.lastEnd().orElse("did not start") + lastWords());
        }
    }

    /** Starts it if it is not there, without a lease; it may recover for long. */
    void begin(Path bin) {
        if (!isGuarded()) {
            launch(bin, 0);
        }
    }

    private void launch(Path bin, long deadline) {
        try {
            guard.start(
                    List.of(bin.resolve("postgres").toString(), "-D", data.toString()), deadline);
        } catch (ToolFailed failure) {
            /* An agent that died a moment ago may have started it: then its guard has the lock. */
            if (!Await.until(OTHER_GUARD, this::isGuarded)) {
                throw new OrderFailed(failure.getMessage() + lastWords(), failure);
            }
        }
    }

    /** Reads its settings file and access rules again. */
    void reload() {
        guard.signal(Signal.HUP);
    }

    /** New clients are held by now; whoever logs in or works gets a moment to end that first. */
    void awaitCalm() {
        Await.pause(HANDED_OVER);
        guard.postmaster()
                .ifPresent(postmaster -> Await.until(CALM, () -> !Backends.busy(postmaster)));
    }

    /** Returns when no process of the data directory is left. */
    void stop(StopMode mode) {
        var watched = guard.pid();
        var stopped =
                switch (mode) {
                    case Fast -> ended(Signal.INT, limits.fast()) || immediate();
                    case Immediate -> immediate();
                };
        if (!stopped) {
            throw new OrderFailed("a process of " + data + " survives SIGKILL");
        }
        // S3: a guard that was killed itself may have left somebody.
        if (watched.filter(guard::hasEndedItself).isEmpty()) {
            guard.sweep(limits.kill());
        }
    }

    /** SIGKILL to everything at once; returns when no process of the data directory is left. */
    void kill() {
        if (!ended(Signal.USR1, limits.kill())) {
            throw new OrderFailed("a process of " + data + " survives SIGKILL");
        }
        // A guard that could say how it ended has left nothing behind.
        if (guard.lastEnd().isEmpty()) {
            guard.sweep(limits.kill());
        }
    }

    Optional<Long> postmaster() {
        return guard.postmaster();
    }

    Optional<Long> guardian() {
        return guard.pid();
    }

    private boolean immediate() {
        return ended(Signal.QUIT, limits.immediate()) || ended(Signal.USR1, limits.kill());
    }

    private boolean ended(Signal signal, Duration limit) {
        guard.signal(signal);
        return Await.until(limit, () -> !isGuarded());
    }

    /** How the last one ended, and what its log said. */
    String lastWords() {
        return LogTail.of(guard.log(), 5).stream()
                .reduce((one, two) -> one + " | " + two)
                .map(words -> "; its log ends with: " + words)
                .orElse("");
    }

    String lastEnd() {
        return guard.lastEnd().orElse("was killed together with its guard");
    }
}
