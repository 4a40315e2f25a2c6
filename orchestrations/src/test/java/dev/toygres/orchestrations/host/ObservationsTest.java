package dev.toygres.orchestrations.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.testkit.Eventually;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ObservationsTest {
    private static final Duration A_WHILE = Duration.ofMillis(50);
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Observations seen = new Observations();

    /** A server out of breath began failovers by the hundred. */
    @Test
    void aServerThatIsLateCountsTheSilenceOfOthersFromThenOn() {
        seen.lost("host-1");
        Eventually.until(SOON, "it is silent", () -> silence().compareTo(A_WHILE) > 0);
        Duration before = silence();

        seen.late(Duration.ofSeconds(1));

        assertThat(silence()).isLessThan(before);
    }

    /** An open question about it was withdrawn, and asked again. */
    @Test
    void whoWasSilentLongBeforeIsSoStill() {
        seen.lost("host-1");
        Eventually.until(SOON, "it is silent", () -> silence().compareTo(A_WHILE) > 0);
        Duration before = silence();

        seen.late(Duration.ofSeconds(-2));

        assertThat(silence()).isGreaterThanOrEqualTo(before);
    }

    private Duration silence() {
        return seen.lostFor("host-1").orElseThrow();
    }
}
