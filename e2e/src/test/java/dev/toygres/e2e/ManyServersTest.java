package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.OperationState;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two servers on one catalogue: what the one was at when it died, the other finishes. */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyServersTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private Home home;

    @BeforeAll
    void up() {
        home = Home.up(1, "--servers", "2");
    }

    @AfterAll
    void down() {
        home.close();
    }

    @Test
    void theWorkOfAKilledServerGoesOnElsewhere() {
        try (ToygresClient client = home.client()) {
            List<String> operations = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                operations.add(client.createInstance(Home.nano("relay-" + i)).id());
            }
            Home.kill9(home.pid("server-2"));

            for (String operation : operations) {
                assertThat(client.watchOperation(operation).await(LIMIT).state())
                        .isEqualTo(OperationState.Succeeded);
            }
            for (int i = 0; i < 4; i++) {
                assertThat(client.getInstance("relay-" + i).state()).isEqualTo("Running");
            }
        }
        home.toygres("up", "--servers", "2").succeeded();
    }

    @Test
    void aServerThatWasOnlyAsleepDoesNoHarmWhenItWakes() {
        long sleeper = home.pid("server-2");
        try (ToygresClient client = home.client()) {
            List<String> operations = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                operations.add(client.createInstance(Home.nano("nap-" + i)).id());
            }
            Home.signal(sleeper, "STOP");
            try {
                for (String operation : operations) {
                    assertThat(client.watchOperation(operation).await(LIMIT).state())
                            .isEqualTo(OperationState.Succeeded);
                }
            } finally {
                Home.signal(sleeper, "CONT");
            }
            Eventually.within(
                    LIMIT,
                    () ->
                            assertThat(Home.read(home.directory().resolve("logs/server-2.log")))
                                    .as("it does not take its own sleep for the hosts' silence")
                                    .contains("this server is late by"));
            for (int i = 0; i < 4; i++) {
                client.deleteInstance("nap-" + i).await(LIMIT);
                assertThat(home.member("host-1", "nap-" + i + "-m1").resolve("data"))
                        .doesNotExist();
            }
        }
    }
}
