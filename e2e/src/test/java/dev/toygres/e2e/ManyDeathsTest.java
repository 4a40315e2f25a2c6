package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.FailoverStatus;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whoever is primary dies, or hangs, again and again under load, each time as soon as all are back.
 * Six times in the chaos suite; thirty with {@code TOYGRES_DEATHS=30}.
 */
@Tag("scenario")
class ManyDeathsTest {
    private static final Duration SOON = Duration.ofMinutes(2);
    private final int rounds =
            Integer.parseInt(System.getenv().getOrDefault("TOYGRES_DEATHS", "6"));

    @Test
    void everyDeathIsOneFailoverAndNoRowIsLost() throws SQLException {
        try (Home home = Home.up(3);
                ToygresClient client = home.client()) {
            home.create("pg");
            home.toygres("replica", "add", "pg", "pg-r1", "--mode", "sync").succeeded();
            home.toygres("replica", "add", "pg", "pg-r2", "--mode", "async").succeeded();
            home.toygres("health-config", "pg", "--cooldown", "0s", "--failovers-per-hour", "60")
                    .succeeded();
            try (Load load = Load.on(home, "pg", false)) {
                for (int i = 0; i < rounds; i++) {
                    home.awaitStreaming("pg", 2);
                    home.awaitReady("pg");
                    die(home, client, i % 2 == 1);
                    load.awaitMore(50);
                    assertThat(load.lost()).as("round " + i).isEmpty();
                }
                home.awaitStreaming("pg", 2);
                home.awaitReady("pg");
                load.stop();
                System.out.println(
                        "%d deaths, %d rows, longest gap %s"
                                .formatted(rounds, load.acknowledgedCount(), load.longestGap()));
                assertThat(load.lost()).as("after all are back").isEmpty();
            }
            assertThat(accounts(client))
                    .hasSize(rounds)
                    .extracting(FailoverStatus::state)
                    .containsOnly("Completed");
            assertThat(client.getInstance("pg").term()).isEqualTo(rounds + 1L);
        }
    }

    private static void die(Home home, ToygresClient client, boolean hangs) {
        String before = client.getInstance("pg").primary().orElseThrow();
        if (hangs) {
            home.freeze(before);
        } else {
            Home.kill9(home.postmaster(home.hostOf(before), before));
        }
        Eventually.until(
                SOON,
                "a replica has taken over from " + before,
                () -> !client.getInstance("pg").primary().orElse(before).equals(before));
    }

    private static List<FailoverStatus> accounts(ToygresClient client) {
        return client.listFailovers("pg", ListQuery.first().limit(500)).items();
    }
}
