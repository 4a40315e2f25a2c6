package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.AddReplicaRequest;
import dev.toygres.api.FailoverRequest;
import dev.toygres.api.OperationState;
import dev.toygres.api.Replica;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The primary moves to and fro, again and again, under load through both endpoints. Ten times in
 * the chaos suite; a hundred with {@code TOYGRES_SWITCHOVERS=100}.
 */
@Tag("chaos")
class AlternatingTest {
    private static final Duration SOON = Duration.ofMinutes(2);
    private final int rounds =
            Integer.parseInt(System.getenv().getOrDefault("TOYGRES_SWITCHOVERS", "10"));

    @Test
    void manySwitchoversLoseNothingAndFailNobodyInThePool() throws SQLException {
        try (Home home = Home.up(2);
                ToygresClient client = home.client()) {
            home.create("pg");
            client.addReplica("pg", new AddReplicaRequest("pg-r1", Optional.empty())).await();
            try (Load pooled = Load.on(home, "pg", true);
                    Load direct = Load.on(home, "pg", false)) {
                for (int i = 0; i < rounds; i++) {
                    move(client, i % 2 == 0 ? "pg-r1" : "pg-m1", i);
                    long before = pooled.acknowledgedCount();
                    Eventually.until(
                            SOON, "rows flow", () -> pooled.acknowledgedCount() > before + 20);
                }
                pooled.stop();
                direct.stop();
                System.out.println(
                        "%d switchovers, %d + %d rows, longest gaps %s and %s"
                                .formatted(
                                        rounds,
                                        pooled.acknowledgedCount(),
                                        direct.acknowledgedCount(),
                                        pooled.longestGap(),
                                        direct.longestGap()));
                assertThat(pooled.failures()).isEmpty();
                assertThat(direct.failures())
                        .allMatch(one -> one.startsWith("57P01") || one.startsWith("08"));
                assertThat(pooled.lost()).isEmpty();
                assertThat(direct.lost()).isEmpty();
            }
            assertThat(client.getInstance("pg").term()).isEqualTo(rounds + 1L);
        }
    }

    private static void move(ToygresClient client, String target, int round) {
        assertThat(client.startFailover("pg", FailoverRequest.to(target)).await().state())
                .as("round " + round)
                .isEqualTo(OperationState.Succeeded);
        Eventually.within(
                SOON,
                () ->
                        assertThat(client.getInstance("pg").replicas())
                                .extracting(Replica::state)
                                .containsExactly("Streaming"));
    }
}
