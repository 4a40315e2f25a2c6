package dev.toygres.bench.failover;

import dev.toygres.api.AutoFailoverStatus;
import dev.toygres.api.FailoverStatus;
import dev.toygres.api.HealthConfigRequest;
import dev.toygres.bench.Report;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.e2e.Home;
import dev.toygres.testkit.Eventually;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
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
    /** Of each of four writers, in commits a second. */
    private static final int RATE = 50;

    private static final int ROUNDS = Integer.getInteger("toygres.rounds", 20);
    private static final List<String> MODES =
            List.of(System.getProperty("toygres.modes", "Async,Sync").split(","));
    private static final List<Blow> BLOWS =
            Stream.of(System.getProperty("toygres.blows", "kill,freeze,host").split(","))
                    .map(Blow::valueOf)
                    .toList();

    /** Until the agents know, too, who brings a dead primary back: they or the server. */
    private static final Duration ARMED = Duration.ofSeconds(2);

    private static final Duration SOON = Duration.ofMinutes(2);

    @Test
    void measure() throws Exception {
        Report.load("before");
        try (Home home = Home.up(3);
                ToygresClient client = home.client()) {
            for (String mode : MODES) {
                String id = mode.toLowerCase(Locale.ROOT);
                prepare(home, id, mode);
                Clients clients =
                        Clients.of(client, id, Files.createTempDirectory("toygres-bench"));
                for (Blow blow : BLOWS) {
                    rounds(home, clients, id, blow);
                }
                clients.remove();
            }
        }
        Report.load("after");
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
                            Optional.empty(),
                            Optional.of(Duration.ZERO),
                            Optional.of(60),
                            Optional.empty(),
                            Optional.empty()));
        }
    }

    private static void rounds(Home home, Clients clients, String id, Blow blow) throws Exception {
        List<Probe> probes = new ArrayList<>();
        List<Probe.Seen> seen = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            awaitReady(home, id);
            Thread.sleep(ARMED);
            Probe probe = Probe.on(clients.directory(), clients.readWrite(), "ledger", RATE);
            Instant struck = Instant.now();
            probe.event();
            blow.strike(home, id);
            seen.add(probe.seen());
            probes.add(probe);
            steps(home, id, struck, seen.getLast());
            // Back is whose host was lost; nothing to do for the others.
            home.toygres("up").succeeded();
        }
        awaitReady(home, id);
        Report.load("in the middle");
        Report.row(blow.words + ", " + id, seen.stream().map(Probe.Seen::gapMs).toList());
        int lost = 0;
        for (Probe probe : probes) {
            lost += probe.lostByNow();
        }
        System.out.printf(
                "%s, %s: acknowledged %d, lost once all are back %d, %s%n",
                blow.words,
                id,
                seen.stream().mapToInt(Probe.Seen::acknowledged).sum(),
                lost,
                seen.stream().map(Probe.Seen::gapMs).toList());
    }

    /** Where the time went: when each step of the last failover began and ended. */
    private static void steps(Home home, String id, Instant struck, Probe.Seen seen) {
        if (!Boolean.getBoolean("toygres.steps")) {
            return;
        }
        try (ToygresClient client = home.client()) {
            FailoverStatus last = client.listFailovers(id, ListQuery.first()).items().getFirst();
            System.out.printf("%nwrites again after %d ms; %s%n", seen.restoredMs(), last);
            client.listOperationSteps(last.operationId())
                    .forEach(
                            step ->
                                    System.out.printf(
                                            "%-24s %5d %5s%n",
                                            step.name(),
                                            Duration.between(struck, step.startedAt()).toMillis(),
                                            step.endedAt()
                                                    .map(end -> Duration.between(struck, end))
                                                    .map(Duration::toMillis)
                                                    .map(String::valueOf)
                                                    .orElse("")));
        }
    }

    /** Until all is as it was, so that rounds have the same start. */
    private static void awaitReady(Home home, String id) {
        Eventually.within(
                SOON,
                () -> {
                    List<String> wrong = wrong(home, id);
                    if (!wrong.isEmpty()) {
                        throw new IllegalStateException("not ready: " + wrong);
                    }
                });
    }

    private static List<String> wrong(Home home, String id) {
        try (ToygresClient client = home.client()) {
            AutoFailoverStatus status = client.getAutoFailover(id);
            List<String> wrong = new ArrayList<>();
            wrong.add(client.getInstance(id).state());
            wrong.add(status.now().action());
            wrong.add(status.ifPrimaryDied().action());
            wrong.removeAll(List.of("Running", "Nothing", "FailOver"));
            client.listReplicas(id, ListQuery.first()).items().stream()
                    .filter(one -> !one.state().equals("Streaming"))
                    .forEach(one -> wrong.add(one.toString()));
            client.listFailovers(id, ListQuery.first()).items().stream()
                    .filter(one -> one.state().equals("WaitingForSync"))
                    .forEach(one -> wrong.add(one.toString()));
            return wrong;
        }
    }

    private static String primary(Home home, String id) {
        try (ToygresClient client = home.client()) {
            return client.getInstance(id).primary().orElse("");
        }
    }

    /** What befalls a primary; named as on the command line. */
    private enum Blow {
        kill("kill -9 of the postmaster") {
            @Override
            void strike(Home home, String id) {
                String member = primary(home, id);
                Home.kill9(home.postmaster(home.hostOf(member), member));
            }
        },
        freeze("SIGSTOP of Postgres") {
            @Override
            void strike(Home home, String id) {
                home.freeze(primary(home, id));
            }
        },
        host("kill -9 of the whole host") {
            @Override
            void strike(Home home, String id) {
                home.killHost(home.hostOf(primary(home, id)));
            }
        };

        private final String words;

        Blow(String words) {
            this.words = words;
        }

        abstract void strike(Home home, String id);
    }
}
