package dev.toygres.durable;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Timers, events and decisions. */
final class Waits {
    private final Run run;
    private final Ground ground;
    private final Journal journal;
    private final boolean masked;

    Waits(Run run, boolean masked) {
        this.run = run;
        this.ground = run.ground();
        this.journal = run.journal();
        this.masked = masked;
    }

    void sleep(String path, Duration duration) {
        StepRow row = row(path, "Sleep", duration);
        if (row.isIn(StepRow.SUCCEEDED)) {
            return;
        }
        run.checkpoint(masked);
        Instant due = row.dueAt();
        if (due != null && due.isAfter(ground.now())) {
            run.waitUntil(due, masked, new Wait(row, null));
        }
        journal.record(row.ended(StepRow.SUCCEEDED, ground.now(), null));
    }

    /** The event's JSON, or nothing when the time was up first; decided once, by the journal. */
    Optional<String> event(String path, String event, Duration timeout) {
        StepRow row = row(path, "Event", timeout);
        if (row.isIn(StepRow.SUCCEEDED) || row.isIn(StepRow.TIMED_OUT)) {
            return Optional.ofNullable(row.result());
        }
        run.checkpoint(masked);
        Optional<String> payload = journal.consume(event, row);
        if (payload.isPresent()) {
            return payload;
        }
        Instant due = row.dueAt();
        if (due == null || due.isAfter(ground.now())) {
            throw run.park(new Wait(row, null));
        }
        journal.record(row.ended(StepRow.TIMED_OUT, ground.now(), null));
        return Optional.empty();
    }

    @Nullable String decision(String path, String question) {
        StepRow row = row(path, "Decision", null);
        if (row.isIn(StepRow.SUCCEEDED)) {
            return row.result();
        }
        run.checkpoint(masked);
        Optional<String> answer = journal.consume("~decision:" + path, row);
        if (answer.isPresent()) {
            return answer.get();
        }
        throw run.park(new Wait(row, question));
    }

    private StepRow row(String path, String kind, @Nullable Duration wait) {
        return journal.find(path)
                .orElseGet(
                        () -> {
                            Instant now = ground.now();
                            return StepRow.running(path, kind, 1, now)
                                    .waiting(wait == null ? null : later(now, wait));
                        });
    }

    /** "For ever" is a legal timeout. */
    private static @Nullable Instant later(Instant now, Duration wait) {
        return wait.compareTo(Duration.ofDays(365_000)) > 0 ? null : now.plus(wait);
    }
}
