package dev.toygres.durable;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What the body of a step sees of its attempt. */
final class RunningAttempt implements Attempt {
    private final int number;
    private final long token;
    private final String jobKey;
    private final AtomicReference<@Nullable News> latest = new AtomicReference<>();

    RunningAttempt(int number, long token, String jobKey) {
        this.number = number;
        this.token = token;
        this.jobKey = jobKey;
    }

    /**
     * How far it is.
     *
     * @param words none: what was said is over
     */
    record News(double fraction, @Nullable String words) {}

    @Override
    public int number() {
        return number;
    }

    @Override
    public long token() {
        return token;
    }

    @Override
    public String jobKey() {
        return jobKey;
    }

    @Override
    public void progress(double fraction, String words) {
        latest.set(new News(fraction, words));
    }

    /** What was reported since the last look. */
    Optional<News> news() {
        return Optional.ofNullable(latest.getAndSet(null));
    }
}
