package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.Guard;
import dev.toygres.agent.process.LeasePage;
import dev.toygres.agent.process.Processes;
import dev.toygres.agent.process.ServiceUser;
import dev.toygres.agent.process.Signal;
import dev.toygres.agent.process.Tools;
import dev.toygres.agentapi.lease.BootClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The guard and the lease that it enforces (S3), with real processes and a stand-in for Postgres.
 */
@Tag("harness")
final class GuardLeaseTest {
    private static final BootClock CLOCK = BootClock.system();
    private static final long SECOND = 1_000_000_000L;

    /** A busy machine needs more than a second until all are there. */
    private static final long TO_COME_UP = 4 * SECOND;

    private final Tools tools = new Tools(ServiceUser.choose(Optional.empty()));
    private Path home;
    private Guard guard;

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createTempDirectory("toygres-guard-lease");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
        var user = ServiceUser.choose(Optional.empty());
        user.directory(home.resolve("data"));
        user.directory(home.resolve("guard"));
        guard = new Guard(Workshop.GUARD, tools, home.resolve("data"), home.resolve("guard"));
    }

    @AfterEach
    void leaveNothingBehind() {
        guard.pid().ifPresent(Signal.CONT::to);
        guard.signal(Signal.USR1);
        assertThat(Await.until(Duration.ofSeconds(10), () -> guard.pid().isEmpty())).isTrue();
        guard.sweep(Duration.ofSeconds(10));
        Durable.delete(guard.lease());
        Durable.delete(home);
    }

    /** Postmaster and two backends, one of which has made itself a session as backends do. */
    private void start(long deadline) {
        var script =
                "cd '%s' && { echo $$ > '%s'; sleep 600 & setsid sleep 601 & sleep 602; }"
                        .formatted(home.resolve("data"), home.resolve("data/started"));
        guard.start(List.of("/bin/bash", "-c", script), deadline);
        eventually(() -> backends() == 3);
    }

    private long backends() {
        try (var all = Files.list(Path.of("/proc"))) {
            return all.filter(one -> one.getFileName().toString().matches("\\d+"))
                    .filter(this::worksHere)
                    .filter(
                            one ->
                                    Processes.arguments(pid(one)).stream()
                                            .anyMatch(word -> word.matches("60[012]")))
                    .count();
        } catch (IOException cause) {
            throw new AssertionError(cause);
        }
    }

    private static long pid(Path process) {
        return Long.parseLong(process.getFileName().toString());
    }

    private boolean worksHere(Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).equals(home.resolve("data"));
        } catch (IOException gone) {
            return false;
        }
    }

    private static void eventually(java.util.function.BooleanSupplier effect) {
        assertThat(Await.until(Duration.ofSeconds(10), effect)).isTrue();
    }

    @Test
    void killsEverythingWhenTheDeadlinePasses() {
        var deadline = CLOCK.now() + TO_COME_UP;

        start(deadline);
        eventually(() -> guard.pid().isEmpty());

        assertThat(CLOCK.now()).isGreaterThanOrEqualTo(deadline);
        assertThat(backends()).isZero();
        assertThat(guard.wasFencedByLease()).isTrue();
        assertThat(guard.lastEnd().orElseThrow()).contains("its lease had run out");
        assertThat(guard.lease()).doesNotExist();
    }

    @Test
    void letsEverythingLiveAsLongAsTheDeadlineIsMoved() {
        start(CLOCK.now() + TO_COME_UP);
        var last = CLOCK.now() + 3 * SECOND;

        try (var page = LeasePage.open(guard.lease()).orElseThrow()) {
            Await.until(
                    Duration.ofSeconds(3),
                    () -> {
                        page.deadline(CLOCK.now() + SECOND);
                        return CLOCK.now() > last;
                    });
            assertThat(backends()).isEqualTo(3);
            page.deadline(0);
            eventually(() -> page.enforced() == 0);
            assertThat(CLOCK.now() - page.beat()).isLessThan(SECOND);
        }
        assertThat(guard.pid()).isPresent();
    }

    @Test
    void takesNoticeOfAFirstDeadlineBeforeItIsCountedOn() {
        start(0);

        try (var page = LeasePage.open(guard.lease()).orElseThrow()) {
            var deadline = CLOCK.now() + SECOND / 2;
            page.deadline(deadline);
            guard.signal(Signal.USR2);
            eventually(() -> page.enforced() == deadline);
        }

        eventually(() -> guard.pid().isEmpty());
        assertThat(guard.wasFencedByLease()).isTrue();
    }

    /** A whole host that was paused beyond the deadline wakes up: nobody gets to work first. */
    @Test
    void killsAtOnceAfterAPauseBeyondTheDeadline() {
        var deadline = CLOCK.now() + TO_COME_UP;
        start(deadline);
        var pid = guard.pid().orElseThrow();
        Signal.STOP.to(pid);
        assertThat(CLOCK.now()).isLessThan(deadline);
        eventually(() -> CLOCK.now() > deadline + SECOND / 2);
        assertThat(backends()).isEqualTo(3);

        var woken = CLOCK.now();
        Signal.CONT.to(pid);
        eventually(() -> backends() == 0);

        assertThat(guard.pid().isEmpty() || CLOCK.now() > woken).isTrue();
        eventually(guard::wasFencedByLease);
    }

    @Test
    void leavesNoPageBehindWhenItIsKilled() {
        start(0);
        assertThat(guard.lease()).exists();
        guard.forgetLease();
        assertThat(guard.lease()).exists();

        Signal.KILL.to(guard.pid().orElseThrow());
        eventually(() -> guard.pid().isEmpty());
        guard.sweep(Duration.ofSeconds(10));

        assertThat(guard.lease()).doesNotExist();
    }
}
