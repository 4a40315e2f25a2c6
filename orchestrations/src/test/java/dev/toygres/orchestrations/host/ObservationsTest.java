package dev.toygres.orchestrations.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.orchestrations.FakeAgent;
import dev.toygres.testkit.Eventually;
import java.time.Duration;
import java.util.List;
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

    /** The seconds of patience with a silent network came on top of its silence. */
    @Test
    void waitingForAnAnswerInVainIsAPartOfTheSilence() {
        long begun = System.nanoTime();
        Eventually.until(
                SOON, "a while is over", () -> System.nanoTime() - begun > A_WHILE.toNanos());

        seen.lost("host-1", A_WHILE);

        assertThat(silence()).isGreaterThanOrEqualTo(A_WHILE);
    }

    @Test
    void whatAServerThatWasLateMissedIsNoSilence() {
        seen.late(Duration.ofSeconds(60));

        seen.lost("host-1", Duration.ofHours(1));

        assertThat(silence()).isLessThan(Duration.ofHours(1));
    }

    /** Its failover found no replica to gate commits, and did not hold the addresses. */
    @Test
    void whoeverIsInterruptedWhileLookingSaysNothingOfTheHosts() {
        FakeAgent away = new FakeAgent("host-1");
        away.reachable(false);

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> seen.refresh(_ -> away, List.of("host-1")))
                .isInstanceOf(AgentUnreachable.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(seen.lostFor("host-1")).isEmpty();
        seen.refresh(_ -> away, List.of("host-1"));
        assertThat(seen.lostFor("host-1")).isPresent();
    }

    private Duration silence() {
        return seen.lostFor("host-1").orElseThrow();
    }
}
