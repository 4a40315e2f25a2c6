package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.OperationState;
import dev.toygres.client.ToygresClient;
import dev.toygres.client.ToygresException;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random faults from a seed, with a load and changes going on. Whatever happens, no acknowledged
 * row is lost, every operation ends, and at the end all is well.
 */
@Tag("chaos")
class ChaosTest {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String INSTANCE = "storm";

    private final long seconds = number("TOYGRES_CHAOS_SECONDS", 60);
    private final long seed = number("TOYGRES_CHAOS_SEED", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<String> story = new ArrayList<>();
    private final List<String> operations = new ArrayList<>();
    private int made;

    @Test
    void nothingAcknowledgedIsLostAndEverythingEnds() throws SQLException, IOException {
        System.out.println("chaos: seed " + seed + ", " + seconds + " s");
        try (Home home = Home.up(2)) {
            home.create(INSTANCE);
            try (Load load = Load.on(home, INSTANCE, false)) {
                storm(home);
                calm(home);
                long before = load.acknowledgedCount();
                Eventually.until(SOON, "rows flow", () -> load.acknowledgedCount() > before + 20);
                load.stop();
                assertThat(load.lost()).as("seed %s: %s", seed, story).isEmpty();
                System.out.println(
                        "chaos: "
                                + load.acknowledgedCount()
                                + " rows acknowledged, none lost; "
                                + story);
            }
            everyOperationHasEnded(home);
        }
    }

    private void storm(Home home) {
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        while (System.nanoTime() < end) {
            switch (random.nextInt(7)) {
                case 0 -> kill(home, "server");
                case 1 -> kill(home, "agent-host-1");
                case 2 -> kill(home, "agent-host-2");
                case 3 -> killMember(home, "postmaster");
                case 4 -> killMember(home, "guard");
                default -> change(home);
            }
            // What was killed of the control plane stays dead for a moment, then somebody notices.
            pause(random.nextInt(1500));
            if (random.nextInt(3) == 0) {
                home.toygres("up").succeeded();
            }
        }
    }

    private void kill(Home home, String name) {
        long pid = home.pid(name);
        if (Home.alive(pid)) {
            story.add("kill " + name);
            Home.kill9(pid);
        }
    }

    private void killMember(Home home, String what) {
        try {
            String member = INSTANCE + "-m1";
            long pid =
                    what.equals("guard")
                            ? home.pid("guard-" + member)
                            : home.postmaster(hostOf(home, member), member);
            if (Home.alive(pid)) {
                story.add("kill " + what);
                Home.kill9(pid);
            }
        } catch (RuntimeException notThere) {
            story.add("no " + what);
        }
    }

    private static String hostOf(Home home, String member) {
        return home.member("host-1", member).toFile().isDirectory() ? "host-1" : "host-2";
    }

    private void change(Home home) {
        try (ToygresClient client = home.client()) {
            String id = "side-" + made++;
            operations.add(client.createInstance(Home.nano(id)).id());
            story.add("create " + id);
            if (random.nextBoolean()) {
                pause(random.nextInt(800));
                operations.add(client.deleteInstance(id).id());
                story.add("delete " + id);
            }
        } catch (ToygresException away) {
            story.add("refused");
        }
    }

    private void calm(Home home) {
        home.toygres("up").succeeded();
        try (ToygresClient client = home.client()) {
            Eventually.within(
                    SOON,
                    () ->
                            assertThat(client.getInstance(INSTANCE).health())
                                    .as("seed %s: %s", seed, story)
                                    .isEqualTo("Healthy"));
        }
    }

    private void everyOperationHasEnded(Home home) {
        try (ToygresClient client = home.client()) {
            for (String operation : operations) {
                Eventually.within(
                        SOON,
                        () -> {
                            OperationState state = client.getOperation(operation).state();
                            assertThat(state.isFinal())
                                    .as("seed %s: %s is %s", seed, operation, state)
                                    .isTrue();
                        });
            }
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long number(String name, long otherwise) {
        String value = System.getenv(name);
        return value == null || value.isBlank() ? otherwise : Long.parseLong(value);
    }
}
