package dev.toygres.bench.failover;

import dev.toygres.api.AutoFailoverStatus;
import dev.toygres.api.FailoverStatus;
import dev.toygres.api.HealthConfigRequest;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.e2e.Home;
import dev.toygres.e2e.Load;
import dev.toygres.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The longest gap between acknowledged commits when a primary dies or hangs, at about 200 commits a
 * second through the read-write endpoint; one primary and two replicas. All settings as they are
 * from the beginning but the cooldown and the budget, which would keep the rounds apart. Prints
 * rows for docs/benchmarks/automatic-failover.md.
 */
@Tag("bench")
class AutomaticFailoverBenchmark {
    private static final int ROUNDS = Integer.getInteger("toygres.rounds", 20);
    private static final List<String> MODES =
            List.of(System.getProperty("toygres.modes", "Async,Sync").split(","));
    private static final List<String> BLOWS =
            List.of(System.getProperty("toygres.blows", "kill,freeze,host").split(","));
    private static final Duration SOON = Duration.ofMinutes(2);

    @Test
    void measure() throws Exception {
        System.out.println("load before: " + Files.readString(Path.of("/proc/loadavg")).strip());
        try (Home home = Home.up(3)) {
            for (String mode : MODES) {
                String id = mode.toLowerCase(Locale.ROOT);
                prepare(home, id, mode);
                for (String blow : BLOWS) {
                    switch (blow) {
                        case "kill" ->
                                rounds(
                                        home,
                                        id,
                                        "kill -9 of the postmaster, " + id,
                                        AutomaticFailoverBenchmark::kill);
                        case "freeze" ->
                                rounds(
                                        home,
                                        id,
                                        "SIGSTOP of Postgres, " + id,
                                        AutomaticFailoverBenchmark::freeze);
                        case "host" ->
                                rounds(
                                        home,
                                        id,
                                        "kill -9 of everything of the host, " + id,
                                        AutomaticFailoverBenchmark::killHost);
                        default -> throw new IllegalArgumentException("no such blow: " + blow);
                    }
                }
            }
        }
        System.out.println("load after: " + Files.readString(Path.of("/proc/loadavg")).strip());
    }

    private static void prepare(Home home, String id, String mode) {
        try (ToygresClient client = home.client()) {
            home.create(id);
            for (int i = 1; i <= 2; i++) {
                home.toygres(
                                "replica",
                                "add",
                                id,
                                id + "-r" + i,
                                "--mode",
                                mode.toLowerCase(Locale.ROOT))
                        .succeeded();
            }
            client.putHealthConfig(
                    id,
                    new HealthConfigRequest(
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(Duration.ZERO),
                            Optional.of(60),
                            Optional.empty(),
                            Optional.empty()));
        }
    }

    private static void rounds(Home home, String id, String what, BiConsumer<Home, String> blow)
            throws SQLException {
        List<Long> gaps = new ArrayList<>();
        try (Load load = Load.on(home, id, false)) {
            for (int i = 0; i < ROUNDS; i++) {
                Eventually.until(SOON, "ready", () -> isReady(home, id));
                flows(load);
                load.takeLongestGap();
                String before = primary(home, id);
                blow.accept(home, id);
                Eventually.until(SOON, "moved", () -> !primary(home, id).equals(before));
                flows(load);
                gaps.add(load.takeLongestGap().toMillis());
                steps(home, id);
                // Back is whose host was lost; nothing to do for the others.
                home.toygres("up").succeeded();
            }
            Eventually.until(SOON, "ready", () -> isReady(home, id));
            load.stop();
            System.out.printf(
                    "%s: acknowledged %d, lost %d%n",
                    what, load.acknowledgedCount(), load.lost().size());
        }
        row(what + ", read-write endpoint", gaps);
        System.out.println(what + ": " + gaps);
    }

    /** Where the time went: when each step of the last failover began and ended. */
    private static void steps(Home home, String id) {
        if (!Boolean.getBoolean("toygres.steps")) {
            return;
        }
        try (ToygresClient client = home.client()) {
            FailoverStatus last = client.listFailovers(id, ListQuery.first()).items().getFirst();
            System.out.println(last);
            client.listOperationSteps(last.operationId()).forEach(System.out::println);
        }
    }

    private static void flows(Load load) {
        long before = load.acknowledgedCount();
        Eventually.until(SOON, "rows flow", () -> load.acknowledgedCount() > before + 100);
    }

    private static boolean isReady(Home home, String id) {
        try (ToygresClient client = home.client()) {
            AutoFailoverStatus status = client.getAutoFailover(id);
            return client.getInstance(id).state().equals("Running")
                    && status.now().action().equals("Nothing")
                    && status.ifPrimaryDied().action().equals("FailOver")
                    && client.listReplicas(id, ListQuery.first()).items().stream()
                            .allMatch(one -> one.state().equals("Streaming"))
                    && client.listFailovers(id, ListQuery.first()).items().stream()
                            .map(FailoverStatus::state)
                            .noneMatch(state -> state.equals("WaitingForSync"));
        }
    }

    private static String primary(Home home, String id) {
        try (ToygresClient client = home.client()) {
            return client.getInstance(id).primary().orElse("");
        }
    }

    private static void kill(Home home, String id) {
        String member = primary(home, id);
        Home.kill9(home.postmaster(home.hostOf(member), member));
    }

    private static void freeze(Home home, String id) {
        home.postgres(primary(home, id)).forEach(pid -> Home.signal(pid, "STOP"));
    }

    private static void killHost(Home home, String id) {
        home.killHost(home.hostOf(primary(home, id)));
    }

    private static void row(String what, List<Long> times) {
        List<Long> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        System.out.printf(
                "| %s | %d | %d | **%d** | %d |%n",
                what,
                sorted.size(),
                sorted.getFirst(),
                sorted.get(sorted.size() / 2),
                sorted.getLast());
    }
}
