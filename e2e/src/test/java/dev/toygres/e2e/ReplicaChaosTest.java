package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.AddReplicaRequest;
import dev.toygres.api.FailoverRequest;
import dev.toygres.api.Instance;
import dev.toygres.api.Member;
import dev.toygres.api.Replica;
import dev.toygres.client.PendingOperation;
import dev.toygres.client.ToygresClient;
import dev.toygres.client.ToygresException;
import dev.toygres.testkit.Eventually;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random faults from a seed while replicas come and go and the primary moves. Whatever happens, no
 * acknowledged row is lost, every operation ends, and at the end exactly one member takes writes.
 */
@Tag("scenario")
class ReplicaChaosTest {
    private static final Duration SOON = Duration.ofMinutes(3);
    private static final String INSTANCE = "storm";

    private final long seconds = Long.parseLong(setting("TOYGRES_CHAOS_SECONDS", "60")) / 2;
    private final long seed = Long.parseLong(setting("TOYGRES_CHAOS_SEED", "1"));
    private final Random random = new Random(seed);
    private final List<String> story = new ArrayList<>();
    private final List<String> operations = new ArrayList<>();
    private int made = 2;

    @Test
    void whereverAnAgentIsLostOneMemberWritesAndNothingIsLost() throws SQLException {
        System.out.println("replica chaos: seed " + seed + ", " + seconds + " s");
        try (Home home = Home.up(3);
                ToygresClient client = home.client()) {
            home.toygres("create", INSTANCE, "--size", "nano", "--replicas", "2").succeeded();
            try (Load load = Load.on(home, INSTANCE, true)) {
                storm(home, client);
                calm(home, client);
                long before = load.acknowledgedCount();
                Eventually.until(SOON, "rows flow", () -> load.acknowledgedCount() > before + 20);
                load.stop();
                assertThat(load.lost()).as("seed %s: %s", seed, story).isEmpty();
                System.out.println(
                        "replica chaos: %d rows acknowledged, none lost; %s"
                                .formatted(load.acknowledgedCount(), story));
            }
            assertThat(writable(client)).as("seed %s: %s", seed, story).hasSize(1);
        }
    }

    private void storm(Home home, ToygresClient client) {
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        while (System.nanoTime() < end) {
            switch (random.nextInt(6)) {
                case 0, 1 -> kill("agent", home.pid("agent-host-" + (1 + random.nextInt(3))));
                case 2 -> kill("server", home.pid("server"));
                case 3 -> killAReplica(home, client);
                default -> change(client);
            }
            // What was killed of the control plane stays dead for a moment, then somebody notices.
            pause(random.nextInt(1000));
            if (random.nextInt(3) == 0) {
                home.toygres("up").succeeded();
            }
        }
    }

    private void kill(String what, long pid) {
        story.add("kill " + what);
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    private void killAReplica(Home home, ToygresClient client) {
        try {
            List<Replica> replicas = client.getInstance(INSTANCE).replicas();
            if (!replicas.isEmpty()) {
                Replica one = replicas.get(random.nextInt(replicas.size()));
                kill("Postgres of " + one.id(), home.postmaster(one.host(), one.id()));
            }
        } catch (ToygresException | java.io.UncheckedIOException away) {
            story.add("no replica to kill");
        }
    }

    private void change(ToygresClient client) {
        try {
            Instance now = client.getInstance(INSTANCE);
            PendingOperation begun =
                    switch (random.nextInt(4)) {
                        case 0 -> {
                            String id = INSTANCE + "-r" + made++;
                            story.add("add " + id);
                            yield client.addReplica(
                                    INSTANCE, new AddReplicaRequest(id, Optional.empty()));
                        }
                        case 1 -> {
                            String id = now.replicas().getLast().id();
                            story.add("remove " + id);
                            yield client.removeReplica(INSTANCE, id);
                        }
                        default -> {
                            story.add("fail over");
                            yield client.startFailover(INSTANCE, FailoverRequest.usual());
                        }
                    };
            operations.add(begun.id());
        } catch (ToygresException | java.util.NoSuchElementException refused) {
            story.add("refused");
        }
    }

    /** Whoever is broken is rebuilt, as an operator would. */
    private void calm(Home home, ToygresClient client) {
        home.toygres("up").succeeded();
        for (String operation : operations) {
            Eventually.until(
                    SOON,
                    operation + " ends; seed " + seed + ": " + story,
                    () -> client.getOperation(operation).state().isFinal());
        }
        Eventually.within(
                SOON,
                () -> {
                    Instance now = client.getInstance(INSTANCE);
                    assertThat(now.state()).as("seed %s: %s", seed, story).isEqualTo("Running");
                    now.replicas().stream()
                            .filter(one -> one.state().equals("Broken"))
                            .forEach(one -> rebuild(client, one.id()));
                    assertThat(now.health()).as("seed %s: %s", seed, story).isEqualTo("Healthy");
                });
    }

    private static void rebuild(ToygresClient client, String replica) {
        try {
            client.rebuildReplica(INSTANCE, replica).await();
        } catch (ToygresException busy) {
            System.out.println("not rebuilt yet: " + busy.getMessage());
        }
    }

    private List<String> writable(ToygresClient client) throws SQLException {
        var credentials = client.getCredentials(INSTANCE);
        List<String> found = new ArrayList<>();
        for (Member member : client.getInstance(INSTANCE).members()) {
            try (Connection session = Home.connect(credentials, member.host(), member.port());
                    var statement = session.createStatement();
                    var rows = statement.executeQuery("select pg_is_in_recovery()")) {
                rows.next();
                if (!rows.getBoolean(1)) {
                    found.add(member.id());
                }
            }
        }
        return found;
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String setting(String name, String otherwise) {
        return Optional.ofNullable(System.getenv(name))
                .filter(value -> !value.isBlank())
                .orElse(otherwise);
    }
}
