package dev.toygres.durable;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How a step is tried.
 *
 * @param attempts the most attempts, at least 1; {@link #FOREVER} for bookkeeping that must succeed
 * @param backoff the pause after the first failure; doubles with each, up to {@code maxBackoff}
 * @param attemptTimeout after which an attempt is interrupted and counts as failed (and is retried)
 * @param retryOn which errors are worth another attempt; {@link PermanentFailure} never is
 * @param deadline the time after which an alert is due if the step has not ended, measured from its
 *     first attempt
 * @param abortable whether a cancel may interrupt it
 * @param oldName the name this step had in an earlier release
 */
public record StepOptions(
        int attempts,
        Duration backoff,
        Duration maxBackoff,
        Duration attemptTimeout,
        Predicate<Throwable> retryOn,
        Optional<Duration> deadline,
        boolean abortable,
        Optional<String> oldName) {

    public static final int FOREVER = Integer.MAX_VALUE;

    /** Five attempts of a minute each, 200 ms to 5 s apart. */
    public static final StepOptions DEFAULT =
            new StepOptions(
                    5,
                    Duration.ofMillis(200),
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(1),
                    error -> true,
                    Optional.empty(),
                    false,
                    Optional.empty());

    public StepOptions {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, is " + attempts);
        }
    }

    public StepOptions attempts(int attempts) {
        return new StepOptions(
                attempts,
                backoff,
                maxBackoff,
                attemptTimeout,
                retryOn,
                deadline,
                abortable,
                oldName);
    }

    public StepOptions backoff(Duration first, Duration most) {
        return new StepOptions(
                attempts, first, most, attemptTimeout, retryOn, deadline, abortable, oldName);
    }

    public StepOptions attemptTimeout(Duration timeout) {
        return new StepOptions(
                attempts, backoff, maxBackoff, timeout, retryOn, deadline, abortable, oldName);
    }

    public StepOptions retryOn(Predicate<Throwable> errors) {
        return new StepOptions(
                attempts,
                backoff,
                maxBackoff,
                attemptTimeout,
                errors,
                deadline,
                abortable,
                oldName);
    }

    public StepOptions deadline(Duration limit) {
        return new StepOptions(
                attempts,
                backoff,
                maxBackoff,
                attemptTimeout,
                retryOn,
                Optional.of(limit),
                abortable,
                oldName);
    }

    public StepOptions asAbortable() {
        return new StepOptions(
                attempts, backoff, maxBackoff, attemptTimeout, retryOn, deadline, true, oldName);
    }

    public StepOptions renamedFrom(String name) {
        return new StepOptions(
                attempts,
                backoff,
                maxBackoff,
                attemptTimeout,
                retryOn,
                deadline,
                abortable,
                Optional.of(name));
    }
}
