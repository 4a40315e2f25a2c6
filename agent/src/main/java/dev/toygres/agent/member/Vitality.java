package dev.toygres.agent.member;

import dev.toygres.agent.process.Processes;
import dev.toygres.agentapi.HostStatus.Vitals;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How a member is, by its last checks and by its processes; and the pulse that changes when the
 * server should know something at once.
 */
final class Vitality {
    private static final long LEAST_FREE_BYTES = 64L << 20;

    /** Starting, recovering, or stopping: somebody answered, and says so. */
    private static final String CANNOT_CONNECT_NOW = "57P03";

    /** Full, or with a reason to let in nobody or not us: but alive. */
    private static final Set<String> ALIVE =
            Set.of("53300", "28000", "28P01", "3D000", "42501", "55000");

    private final Member member;
    private final RecoveryProgress progress;
    private volatile Watching watching;
    private volatile Vitals last =
            new Vitals(
                    false, false, true, Optional.empty(), false, 0, 0, 0, 0, 0, "not checked yet");
    private volatile long lastAt = System.nanoTime();
    private volatile long deadSince;
    private volatile boolean dead;
    private volatile long postmaster;
    private volatile long guardian;
    private final AtomicLong beats = new AtomicLong();

    Vitality(Member member) {
        this.member = member;
        this.progress = new RecoveryProgress(member.id);
        this.watching = Watching.readFrom(member.home.watching());
    }

    Watching watching() {
        return watching;
    }

    void watch(Watching next) {
        if (!next.equals(watching)) {
            next.writeTo(member.home.watching());
            watching = next;
        }
    }

    /** Under the member's lock. */
    void look(Postgres postgres, boolean shouldRun) {
        var gone = shouldRun && postgres.guardian().isEmpty();
        if (gone && !dead) {
            deadSince = System.nanoTime();
        }
        if (gone != dead) {
            dead = gone;
            beat();
        }
        guardian = postgres.guardian().orElse(0L);
        postmaster = guardian == 0 ? 0 : postgres.postmaster().orElse(0L);
    }

    boolean isHeldBack() {
        return dead && downFor().compareTo(watching.holdBack()) < 0;
    }

    private Duration downFor() {
        return Duration.ofNanos(System.nanoTime() - deadSince);
    }

    /** Cheap, because it is asked every few milliseconds: two looks into /proc. */
    long pulse() {
        return beats.get() + (isGone(postmaster) ? 1 : 0) + (isGone(guardian) ? 1 : 0);
    }

    private static boolean isGone(long pid) {
        return pid != 0 && !Processes.isAlive(pid);
    }

    private void beat() {
        beats.addAndGet(1_000);
    }

    /**
     * It answers: what else is wrong is told, and is no reason to replace it, unless its owner says
     * so of his own check (D9).
     */
    void answered(long began, Optional<CustomCheck.Outcome> custom) {
        var space = hasSpace();
        var passed = custom.map(CustomCheck.Outcome::ok);
        var words =
                space
                        ? custom.map(CustomCheck.Outcome::words).orElse("")
                        : "less than %d MB of disk space left".formatted(LEAST_FREE_BYTES >> 20);
        var good = passed.orElse(true) || !watching.customCheckCounts();
        note(true, true, space, passed, false, good, began, words);
    }

    /** Whoever says that it cannot let us in just now is not dead. */
    void failed(long began, boolean connected, SQLException failure) {
        var state = String.valueOf(failure.getSQLState());
        var recovering = state.equals(CANNOT_CONNECT_NOW);
        var alive = recovering || ALIVE.contains(state);
        note(
                connected || alive,
                alive,
                hasSpace(),
                Optional.empty(),
                recovering,
                alive,
                began,
                String.valueOf(failure.getMessage()));
    }

    private synchronized void note(
            boolean connectivity,
            boolean responsive,
            boolean space,
            Optional<Boolean> custom,
            boolean recovering,
            boolean good,
            long began,
            String words) {
        var failures = good ? 0 : last.failuresInARow() + 1;
        var changed = failures != last.failuresInARow();
        var millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        last =
                new Vitals(
                        connectivity,
                        responsive,
                        space,
                        custom,
                        recovering,
                        0,
                        failures,
                        millis,
                        0,
                        0,
                        words);
        lastAt = System.nanoTime();
        if (changed) {
            beat();
        }
    }

    private boolean hasSpace() {
        try {
            return Files.getFileStore(member.home.data()).getUsableSpace() > LEAST_FREE_BYTES;
        } catch (IOException gone) {
            return false;
        }
    }

    Vitals vitals() {
        var seen = last;
        var recovers = !dead && (seen.recovering() || !member.postgres().isReady());
        var age = Duration.ofNanos(System.nanoTime() - lastAt).toMillis();
        return new Vitals(
                seen.connectivity() && !dead,
                seen.queryResponsive() && !dead,
                seen.diskSpaceOk(),
                seen.customCheckOk(),
                seen.recovering() && !dead,
                progress.stalled(recovers).toMillis(),
                seen.failuresInARow(),
                seen.responseMs(),
                age,
                dead ? Math.max(1, downFor().toMillis()) : 0,
                dead ? "no process of it is left" : seen.words());
    }
}
