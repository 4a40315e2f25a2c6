package dev.toygres.agent.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agent.process.Await;
import dev.toygres.model.MemberId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Processes that call themselves as those of a recovery do; for no real one hangs on demand. */
final class RecoveryProgressTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final MemberId id = new MemberId("pg-m" + ProcessHandle.current().pid());
    private final RecoveryProgress progress = new RecoveryProgress(id);
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        for (var process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    private void start(String role, String work) throws IOException {
        started.add(
                new ProcessBuilder(
                                "bash",
                                "-c",
                                "exec -a 'postgres: %s: %s' bash -c '%s'".formatted(id, role, work))
                        .start());
    }

    private Duration stalled() {
        return progress.stalled(true);
    }

    /** Whether something has moved while we waited. */
    private boolean moves() {
        var pause = Duration.ofMillis(100);
        var ignored = stalled();
        Await.pause(pause);
        return stalled().compareTo(pause) < 0;
    }

    /** It counted as alive for ever. */
    @Test
    void aRecoveryThatDoesNothingIsStalled() throws IOException {
        start("startup recovering 000000010000000000000007", "read -t 60");

        assertThat(Await.until(LONG, () -> stalled().toMillis() > 300)).isTrue();

        assertThat(progress.stalled(false)).isZero();
    }

    @Test
    void oneThatReplaysIsNot() throws IOException {
        start("startup recovering 000000010000000000000007", "while :; do :; done");

        assertThat(Await.until(LONG, this::moves)).isTrue();
    }

    /** Whoever replays waits for that, and does nothing meanwhile. */
    @Test
    void oneThatWritesOutWhatWasReplayedIsNotEither() throws IOException {
        start("startup", "read -t 60");
        start(
                "checkpointer performing end-of-recovery checkpoint",
                "while read -t 0.01 || true; do echo > /dev/null; done");

        assertThat(Await.until(LONG, this::moves)).isTrue();
    }
}
