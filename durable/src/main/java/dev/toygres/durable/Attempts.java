package dev.toygres.durable;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Tries one step until it succeeds, its policy says enough, or something comes in between. */
final class Attempts {
    private static final Duration LOOK_UP = Duration.ofMillis(250);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final Run run;
    private final Ground ground;
    private final StepOptions options;
    private final StepBody<String> body;
    private final boolean masked;
    private StepRow row;
    private boolean announced;

    /**
     * @param body answers the result as JSON
     * @param masked cancels are not heeded
     */
    Attempts(Run run, StepRow row, StepOptions options, boolean masked, StepBody<String> body) {
        this.run = run;
        this.ground = run.ground();
        this.row = row;
        this.options = options;
        this.masked = masked;
        this.body = body;
    }

    /** Answers the journalled result. */
    @Nullable String succeed() {
        while (true) {
            waitForTurn();
            try {
                String result = once();
                row = row.ended(StepRow.SUCCEEDED, ground.now(), result);
                run.journal().record(row);
                return result;
            } catch (AttemptFailed failure) {
                journal(failure.reason());
            }
        }
    }

    /** After a failure: until the backoff is over. */
    private void waitForTurn() {
        run.checkpoint(masked);
        Instant due = row.dueAt();
        if (row.isIn(StepRow.RETRYING) && due != null) {
            run.waitUntil(due, masked, new Wait(row, null));
            row = row.attempt(row.attempt() + 1);
            announced = false;
        }
    }

    private void journal(Throwable reason) {
        String description = Fault.describe(reason);
        Instant now = ground.now();
        row = row.deadline(deadline().orElse(null));
        boolean again =
                row.attempt() < options.attempts()
                        && !(reason instanceof PermanentFailure)
                        && !(reason instanceof StepFailed)
                        && options.retryOn().test(reason);
        if (again) {
            row = row.failed(StepRow.RETRYING, now, now.plus(backoff()), description);
            run.journal().record(row);
        } else {
            row = row.failed(StepRow.FAILED, now, null, description);
            run.journal().record(row);
            throw failure(row, reason);
        }
    }

    static StepFailed failure(StepRow row, @Nullable Throwable reason) {
        var failed = new StepFailed(row.path(), row.path() + ": " + row.error());
        if (reason != null) {
            failed.initCause(reason);
        }
        return failed;
    }

    private Duration backoff() {
        Duration pause = options.backoff();
        for (int i = 1; i < row.attempt() && pause.compareTo(options.maxBackoff()) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(options.maxBackoff()) < 0 ? pause : options.maxBackoff();
    }

    private Optional<Instant> deadline() {
        return options.deadline().map(limit -> row.startedAt().plus(limit));
    }

    /** The reason travels apart from the errors of the run itself. */
    private static final class AttemptFailed extends Exception {
        private static final long serialVersionUID = 1;
        private final Throwable reason;

        AttemptFailed(Throwable reason) {
            super(reason);
            this.reason = reason;
        }

        Throwable reason() {
            return reason;
        }
    }

    private String once() throws AttemptFailed {
        var attempt = new RunningAttempt(row.attempt(), run.token(), run.jobKey(row.path()));
        var task = new FutureTask<>(() -> body.run(attempt));
        Thread thread = Thread.ofVirtual().name(run.id() + " " + row.path()).unstarted(task);
        boolean abortable = options.abortable() && !masked;
        run.interrupts().enter(thread, abortable);
        thread.start();
        // An interrupt that came before the start is lost: look again.
        run.interrupts().enter(thread, abortable);
        try {
            return watch(task, thread, attempt);
        } finally {
            run.interrupts().leave(thread);
        }
    }

    private String watch(FutureTask<String> task, Thread thread, RunningAttempt attempt)
            throws AttemptFailed {
        long start = System.nanoTime();
        while (true) {
            long elapsed = System.nanoTime() - start;
            long left = nanos(options.attemptTimeout()) - elapsed;
            if (left <= 0) {
                thread.interrupt();
                throw new AttemptFailed(
                        new TimeoutException("no end within " + options.attemptTimeout()));
            }
            try {
                return task.get(Math.min(left, slice(elapsed)), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                lookUp(task, thread, attempt, elapsed);
            } catch (ExecutionException e) {
                throw judge(e.getCause() == null ? e : e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Control.Fenced(run.id());
            }
        }
    }

    private long slice(long elapsed) {
        return announced
                ? nanos(LOOK_UP)
                : Math.max(1, nanos(ground.options().announceAfter()) - elapsed);
    }

    /** Now and then while an attempt runs. */
    private void lookUp(
            FutureTask<String> task, Thread thread, RunningAttempt attempt, long elapsed) {
        Interrupts interrupts = run.interrupts();
        if (interrupts.isLost()) {
            thread.interrupt();
            throw new Control.Fenced(run.id());
        }
        if (interrupts.isStoppingNow()) {
            throw run.letGo();
        }
        if (options.abortable() && !masked && run.isCancelled()) {
            thread.interrupt();
            hearLastWords(task);
            throw aborted();
        }
        if (!announced && elapsed >= nanos(ground.options().announceAfter())) {
            announced = true;
            row = row.deadline(deadline().orElse(null));
            run.journal().announce(row);
        }
        if (announced) {
            attempt.news()
                    .ifPresent(
                            news ->
                                    run.journal()
                                            .progress(row.path(), news.fraction(), news.words()));
            run.flushProgress();
        }
    }

    private static void hearLastWords(FutureTask<String> task) {
        try {
            task.get(LAST_WORDS.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** An attempt that ended because we ended it has not failed. */
    private AttemptFailed judge(Throwable cause) {
        Interrupts interrupts = run.interrupts();
        if (interrupts.isLost()) {
            throw new Control.Fenced(run.id());
        }
        if (cause instanceof Control control) {
            throw control;
        }
        if (interrupts.isStoppingNow()) {
            throw run.letGo();
        }
        if (options.abortable() && !masked && run.isCancelled()) {
            throw aborted();
        }
        return new AttemptFailed(cause);
    }

    private Cancelled aborted() {
        if (announced) {
            row = row.ended(StepRow.CANCELLED, ground.now(), null);
            run.journal().record(row);
        }
        return new Cancelled(run.id());
    }

    private static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }
}
