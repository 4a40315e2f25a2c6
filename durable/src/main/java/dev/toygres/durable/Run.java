package dev.toygres.durable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What the parts of one run share: who it is, what it has seen, what it waits for. */
final class Run {
    private static final Duration PROGRESS_PAUSE = Duration.ofMillis(500);

    private final Ground ground;
    private final Picked picked;
    private final Interrupts interrupts = new Interrupts();
    private final Journal journal;
    private final Claims claims = new Claims();
    private final List<Wait> waits = new CopyOnWriteArrayList<>();
    private final Undoing undoing;
    private final AtomicReference<RunningAttempt.@Nullable News> headline = new AtomicReference<>();
    private RunningAttempt.@Nullable News said;
    private boolean taken;
    private volatile long lastFlush = System.nanoTime();
    private volatile boolean noReturn;
    private volatile boolean lettingGo;

    Run(Ground ground, Picked picked) {
        this.ground = ground;
        this.picked = picked;
        this.journal = new Journal(ground, picked, interrupts);
        this.undoing = new Undoing(this);
        this.noReturn = picked.noReturn();
        if (picked.cancelRequested()) {
            interrupts.cancel();
        }
    }

    Ground ground() {
        return ground;
    }

    Picked picked() {
        return picked;
    }

    String id() {
        return picked.id();
    }

    long token() {
        return picked.token();
    }

    Journal journal() {
        return journal;
    }

    Interrupts interrupts() {
        return interrupts;
    }

    Undoing undoing() {
        return undoing;
    }

    String jobKey(String path) {
        return picked.id() + ":" + picked.generation() + ":" + path;
    }

    boolean isCancelled() {
        return interrupts.isCancelled() && !noReturn;
    }

    boolean isPastNoReturn() {
        return noReturn;
    }

    void passNoReturn() {
        noReturn = true;
        undoing.forget();
    }

    Claims claims() {
        return claims;
    }

    /** A name is used once: a second use would be taken for the first one's result. */
    void claim(String path, Claims.Scope scope) {
        if (!claims.claim(path, scope)) {
            throw new IllegalStateException(
                    "the name \"" + path + "\" is used twice in one run of " + id());
        }
    }

    /** Between two steps: whether there is to be a next one. */
    void checkpoint(boolean masked) {
        journal.checkLost();
        if (interrupts.isStopping()) {
            throw letGo();
        }
        if (undoing.isDecided() && !masked) {
            throw new Control.Unwinding(id());
        }
        if (isCancelled() && !masked) {
            throw new Cancelled(id());
        }
        if (System.nanoTime() - lastFlush > PROGRESS_PAUSE.toNanos()) {
            flushProgress();
        }
    }

    /** Waits in memory when it is short, else lets go of the thread. */
    void waitUntil(Instant due, boolean masked, Wait wait) {
        Duration left = Duration.between(ground.now(), due);
        if (left.compareTo(ground.options().shortWait()) > 0) {
            throw park(wait);
        }
        if (left.isPositive()) {
            interrupts.pause(left, !masked && !noReturn);
        }
        checkpoint(masked);
    }

    Control park(Wait wait) {
        waits.add(wait);
        return new Control.Parked(id());
    }

    /** Hands the operation back, to be taken up by any server at once. */
    Control letGo() {
        lettingGo = true;
        return new Control.Parked(id());
    }

    boolean isParked() {
        return lettingGo || !waits.isEmpty();
    }

    boolean isLettingGo() {
        return lettingGo;
    }

    List<Wait> waits() {
        return waits;
    }

    /** Said of what comes next. */
    synchronized void progress(double fraction, String words) {
        said = new RunningAttempt.News(fraction, words);
        taken = false;
        headline.set(said);
    }

    /** The words are of the first step after them; the next one is another matter. */
    synchronized void beginStep(Claims.Scope scope) {
        if (scope.isBranch()) {
            return;
        }
        if (taken) {
            unsay();
        }
        taken = true;
    }

    /** How far it is stays true. */
    synchronized void unsay() {
        if (said != null && said.words() != null) {
            said = new RunningAttempt.News(said.fraction(), null);
            headline.set(said);
        }
    }

    RunningAttempt.@Nullable News takeHeadline() {
        return headline.getAndSet(null);
    }

    void flushProgress() {
        lastFlush = System.nanoTime();
        RunningAttempt.News news = takeHeadline();
        if (news != null) {
            journal.headline(news.fraction(), news.words());
        }
    }
}
