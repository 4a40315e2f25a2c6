package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Others take all the time of the machine on which the server and all hosts are: four busy
 * processes to each core, as important as ours, beside a load, for a minute or
 * TOYGRES_SATURATED_SECONDS.
 *
 * <p>Expected: being slow is not being dead. No lease runs out, no guard ends anybody, no host is
 * taken for lost for long enough to matter: nobody is failed over, no session ends, nothing is lost
 * (S2, S3, S6).
 */
@Tag("scenario")
class SaturatedTest {
    private static final String ID = "pg";
    private static final int FOR_EACH_CORE = 4;
    private final long seconds =
            Long.parseLong(System.getenv().getOrDefault("TOYGRES_SATURATED_SECONDS", "60"));

    @Test
    void aSaturatedMachineFencesAndMovesNobody() throws SQLException, IOException {
        try (Home home = Home.up(3)) {
            home.create(ID);
            home.toygres("replica", "add", ID, "pg-r1", "--mode", "sync").succeeded();
            home.toygres("replica", "add", ID, "pg-r2", "--mode", "async").succeeded();
            home.awaitReady(ID, 2);
            List<Long> postmasters =
                    List.of("pg-m1", "pg-r1", "pg-r2").stream()
                            .map(member -> home.postmaster(home.hostOf(member), member))
                            .toList();
            try (Load load = Load.on(home, ID, false)) {
                load.awaitMore(100);
                load.takeLongestGap();
                long rows = load.acknowledgedCount();

                burn();

                System.out.printf(
                        "saturated for %d s: %d rows, longest pause %s%n",
                        seconds, load.acknowledgedCount() - rows, load.takeLongestGap());
                load.awaitMore(100);
                home.awaitReady(ID, 2);
                load.stop();
                assertThat(load.failures()).as("sessions ended").isEmpty();
                assertThat(load.lost()).isEmpty();
            }
            assertThat(home.primary(ID)).isEqualTo("pg-m1");
            assertThat(home.instance(ID).term()).isEqualTo(1);
            assertThat(home.failovers(ID)).as("also none that came to nothing").isEmpty();
            assertThat(postmasters).as("fenced").allMatch(Home::alive);
        }
    }

    private void burn() throws IOException {
        List<Process> burners = new ArrayList<>();
        try {
            for (int i = 0; i < FOR_EACH_CORE * Runtime.getRuntime().availableProcessors(); i++) {
                burners.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
            }
            long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
            Eventually.until(
                    Duration.ofSeconds(seconds + 60),
                    "they burn for so long",
                    () -> System.nanoTime() > end);
            assertThat(burners).as("all the time").allMatch(Process::isAlive);
        } finally {
            burners.forEach(Process::destroyForcibly);
        }
    }
}
