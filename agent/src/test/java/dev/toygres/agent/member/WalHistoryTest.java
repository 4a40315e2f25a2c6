package dev.toygres.agent.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agent.process.ServiceUser;
import dev.toygres.model.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way that history files tell, and whether a restore has come along the whole of it. */
final class WalHistoryTest {
    @TempDir Path wal;

    private WalHistory history(String name, String content) throws IOException {
        Files.writeString(wal.resolve(name), content);
        return WalHistory.newest(wal).orElseThrow();
    }

    @Test
    void aFirstTimelineHasNone() {
        assertThat(WalHistory.newest(wal)).isEmpty();
    }

    @Test
    void anEmptyFileOnlyKeepsItsNumberFromBeingTaken() throws IOException {
        Files.writeString(wal.resolve("00000009.history"), "");

        assertThat(history("00000002.history", "1\t0/5000000\tno recovery target\n").timeline())
                .isEqualTo(2);
    }

    @Test
    void aRestoreThatLeftATimelineWhereItGoesOnHasNoHole() throws IOException {
        var restored =
                history(
                        "00000003.history",
                        "1\t0/5000000\tno recovery target\n\n2\t0/7000000\tno recovery target\n");

        assertThat(restored.hole()).isEmpty();
    }

    @Test
    void aRestoreThatLeftATimelineBeforeThatBeganHasAHole() throws IOException {
        var restored =
                history(
                        "00000003.history",
                        "1\t0/5000000\tno recovery target\n2\t0/4000000\tno recovery target\n");

        assertThat(restored.hole())
                .hasValueSatisfying(words -> assertThat(words).contains("0/4000000", "timeline 2"));
    }

    /**
     * What a later restore along timeline 5 broke on: it took timeline 3 beyond 0/4000000 for its
     * past.
     */
    @Test
    void aRestoreToBeforeAFailoverSaysWhichTimelineItComesFrom() throws IOException {
        history(
                "00000005.history",
                "1\t0/3000000\tx\n3\t0/5000000\tx\n4\t0/4000000\tat restore point\n");

        WalHistory.mend(wal, ServiceUser.choose(Optional.empty()));

        assertThat(WalHistory.newest(wal).orElseThrow().way())
                .containsExactly(
                        new WalHistory.Left(1, Lsn.parse("0/3000000")),
                        new WalHistory.Left(3, Lsn.parse("0/4000000")));
    }

    @Test
    void aHistoryThatIsTrueStaysAsItWasWritten() throws IOException {
        var written = "1\t0/3000000\tx\n3\t0/5000000\tat restore point\n";
        history("00000005.history", written);

        WalHistory.mend(wal, ServiceUser.choose(Optional.empty()));

        assertThat(wal.resolve("00000005.history")).hasContent(written);
    }

    @Test
    void aSegmentBeyondTheForkIsNotInherited() throws IOException {
        var history = history("00000002.history", "1\t0/5000028\tno recovery target\n");

        assertThat(history.holds(1, Lsn.parse("0/5000000"))).isTrue();
        assertThat(history.holds(1, Lsn.parse("0/6000000"))).isFalse();
        assertThat(history.holds(2, Lsn.parse("0/5000000"))).isFalse();
    }
}
