package dev.toygres.bench.parameter;

import dev.toygres.api.AddReplicaRequest;
import dev.toygres.api.ApplyProfileRequest;
import dev.toygres.api.FailoverRequest;
import dev.toygres.api.FailoverStatus;
import dev.toygres.api.ParameterChange;
import dev.toygres.api.ParameterProfile;
import dev.toygres.api.SetParametersRequest;
import dev.toygres.bench.Report;
import dev.toygres.bench.failover.Clients;
import dev.toygres.bench.failover.Probe;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.e2e.Home;
import dev.toygres.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How long nobody can write while a parameter is changed that takes a restart, with and without
 * replicas, by turns with a switchover of the same instance, which is the bar; then what the
 * profiles gain. Prints the rows of docs/benchmarks/parameters.md.
 */
@Tag("bench")
class ParameterBenchmark {
    /** Of each of four writers, in commits a second: as switchovers are measured. */
    private static final int RATE = 25;

    /** A change of all members, from the trial to the end, with room to spare. */
    private static final double WATCHED = 12;

    private static final int REFUSED = 4;
    private static final int ROUNDS = Integer.getInteger("toygres.rounds", 10);
    private static final int SECONDS = Integer.getInteger("toygres.seconds", 15);
    private static final Duration SOON = Duration.ofMinutes(2);

    /** Postgres's own, where the sizes of toygres have others. */
    private static final Map<String, Object> PLAIN =
            Map.of(
                    "shared_buffers", "128MB",
                    "effective_cache_size", "4GB",
                    "work_mem", "4MB",
                    "maintenance_work_mem", "64MB",
                    "max_wal_size", "1GB",
                    "random_page_cost", "4",
                    "max_connections", "100");

    private static final String AGGREGATE =
            """
            select a.bid, count(*), sum(a.abalance), avg(length(a.filler))
            from pgbench_accounts a join pgbench_branches b using (bid)
            group by a.bid order by 3 desc;
            """;

    @Test
    void interruption() throws Exception {
        Report.load("before");
        try (Home home = Home.up(3);
                ToygresClient client = home.client()) {
            home.create("pg");
            Clients clients = Clients.of(client, "pg", Files.createTempDirectory("toygres-bench"));
            List<Sample> alone = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                int connections = 60 + i % 2;
                alone.add(sample(clients, () -> change(client, connections)));
            }
            for (String replica : List.of("pg-r1", "pg-r2")) {
                client.addReplica("pg", new AddReplicaRequest(replica, Optional.empty())).await();
            }
            List<Sample> followed = new ArrayList<>();
            List<Sample> switched = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                int connections = 70 + i % 2;
                awaitStreaming(client);
                followed.add(sample(clients, () -> change(client, connections)));
                awaitStreaming(client);
                switched.add(sample(clients, () -> switchOver(client)));
            }
            print("restart, no replica", alone);
            print("restart, two replicas", followed);
            print("switchover, the same instance", switched);
            clients.remove();
        }
        Report.load("after");
    }

    /** What the probes saw of one event, and what the product says of it. */
    private record Sample(Probe.Seen pooled, Probe.Seen direct, long own) {}

    /** Something that interrupts writes; answers for how long by its own account. */
    private interface Event {
        long happens();
    }

    private static Sample sample(Clients clients, Event event) throws Exception {
        Probe pooled = Probe.on(clients.directory(), clients.pooled(), "p", RATE, WATCHED);
        Probe direct = Probe.on(clients.directory(), clients.readWrite(), "d", RATE, WATCHED);
        pooled.event();
        direct.event();
        long own = event.happens();
        return new Sample(pooled.seen(), direct.seen(), own);
    }

    private static long change(ToygresClient client, int connections) {
        var done =
                client.setParameters(
                        "pg", SetParametersRequest.of(Map.of("max_connections", connections)));
        done.await();
        ParameterChange change = client.getParameterChange("pg", done.id());
        return change.interruptionMs().orElse(-1L);
    }

    private static long switchOver(ToygresClient client) {
        client.startFailover("pg", FailoverRequest.usual()).await();
        return client.listFailovers("pg", ListQuery.first()).items().stream()
                .findFirst()
                .flatMap(FailoverStatus::interruptionMs)
                .orElse(-1L);
    }

    private static void awaitStreaming(ToygresClient client) {
        Eventually.until(
                SOON,
                "all stream",
                () ->
                        client.listReplicas("pg", ListQuery.first()).items().stream()
                                .allMatch(one -> one.state().equals("Streaming")));
    }

    private static void print(String what, List<Sample> samples) {
        Report.row(
                what + ": longest gap, pooled",
                samples.stream().map(s -> s.pooled().gapMs()).toList());
        Report.row(
                what + ": longest gap, read-write",
                samples.stream().map(s -> s.direct().gapMs()).toList());
        Report.row(
                what + ": as the product reports it", samples.stream().map(Sample::own).toList());
        System.out.printf(
                "%s: lost %d, failed pooled %d, failed read-write %d%n",
                what,
                samples.stream().mapToInt(s -> s.pooled().lost() + s.direct().lost()).sum(),
                samples.stream().mapToInt(s -> s.pooled().failed()).sum(),
                samples.stream().mapToInt(s -> s.direct().failed()).sum());
    }

    /** One instance of size small; the profiles by turns, so that all see the same machine. */
    @Test
    void profiles() throws Exception {
        Report.load("before");
        Path directory = Files.createTempDirectory("toygres-bench");
        Path query = directory.resolve("aggregate.sql");
        Files.writeString(query, AGGREGATE.replace('\n', ' '));
        try (Home home = Home.up(1);
                ToygresClient client = home.client()) {
            home.toygres("create", "work", "--size", "small").succeeded();
            Clients clients = Clients.of(client, "work", directory);
            clients.pgbench("-i", "-q", "-s", "20");
            System.out.println(
                    "| profile | read and write, tps | read only, tps | aggregates, tps |");
            System.out.println("|---|---|---|---|");
            for (String profile :
                    List.of("Plain", "Oltp", "Analytics", "GeneralPurpose", "Development")) {
                client.applyParameterProfile("work", request(profile)).await();
                double warm = tps(clients, "-S", "-c8", "-j2", "-T" + SECONDS / 3);
                double mixed = tps(clients, "-c8", "-j2", "-T" + SECONDS);
                double reads = tps(clients, "-S", "-c8", "-j2", "-T" + SECONDS);
                double sums = tps(clients, "-f", query.toString(), "-c2", "-T" + SECONDS);
                System.out.printf(
                        "| %s | %.0f | %.0f | %.2f |%n",
                        profile, mixed, Math.max(warm, reads), sums);
            }
            clients.remove();
        }
        Report.load("after");
    }

    /** Every profile boots on every size that this machine has room for, and passes pgbench. */
    @Test
    void everyProfileOnEverySize() throws Exception {
        try (Home home = Home.up(1);
                ToygresClient client = home.client()) {
            for (String size : List.of("nano", "micro", "small", "medium", "large", "xlarge")) {
                var made = home.toygres("create", size, "--size", size, "--profile", "oltp");
                if (made.exitCode() == REFUSED && made.errors().contains("memory")) {
                    System.out.println(size + ": no room here: " + made.errors().strip());
                    continue;
                }
                made.succeeded();
                onEvery(client, size);
                client.deleteInstance(size).await();
            }
        }
    }

    private static void onEvery(ToygresClient client, String id) throws Exception {
        Clients clients = Clients.of(client, id, Files.createTempDirectory("toygres-bench"));
        clients.pgbench("-i", "-q", "-s", "2");
        System.out.printf("%s: Oltp %.0f tps", id, tps(clients, "-c4", "-T2"));
        for (String profile : List.of("Analytics", "GeneralPurpose", "Development", "Plain")) {
            client.applyParameterProfile(id, request(profile)).await();
            System.out.printf(", %s %.0f tps", profile, tps(clients, "-c4", "-T2"));
        }
        System.out.println();
        clients.remove();
    }

    private static ApplyProfileRequest request(String profile) {
        boolean plain = profile.equals("Plain");
        return new ApplyProfileRequest(
                new ParameterProfile(
                        plain ? "Custom" : profile,
                        plain ? Optional.of(PLAIN) : Optional.empty(),
                        Optional.empty()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static double tps(Clients clients, String... options) throws Exception {
        return Clients.tps(clients.pgbench(options));
    }
}
