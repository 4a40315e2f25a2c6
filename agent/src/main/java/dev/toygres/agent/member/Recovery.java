package dev.toygres.agent.member;

import java.time.Duration;
import java.util.Optional;

/** What the supervisor remembers of a Postgres that it brings back. */
final class Recovery {
    private volatile int restarts;
    private volatile Optional<String> trouble = Optional.empty();
    private int deathsInARow;
    private long lastAttempt;

    synchronized void forget() {
        deathsInARow = 0;
        trouble = Optional.empty();
    }

    synchronized boolean isDue() {
        return deathsInARow == 0 || sinceLast().compareTo(Backoff.after(deathsInARow)) >= 0;
    }

    synchronized void attempt(String end) {
        if (deathsInARow > 0 && sinceLast().compareTo(Backoff.LONG_LIFE) > 0 && trouble.isEmpty()) {
            deathsInARow = 0;
        }
        deathsInARow++;
        lastAttempt = System.nanoTime();
        if (deathsInARow > 1) {
            trouble = Optional.of("died " + deathsInARow + " times in a row, lastly: " + end);
        }
    }

    synchronized void succeeded() {
        restarts++;
    }

    synchronized void failed(String words) {
        trouble = Optional.of(words);
    }

    private Duration sinceLast() {
        return Duration.ofNanos(System.nanoTime() - lastAttempt);
    }

    int restarts() {
        return restarts;
    }

    Optional<String> trouble() {
        return trouble;
    }
}
