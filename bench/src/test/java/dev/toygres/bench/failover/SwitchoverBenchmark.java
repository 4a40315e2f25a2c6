package dev.toygres.bench.failover;

import dev.toygres.api.AddReplicaRequest;
import dev.toygres.api.FailoverRequest;
import dev.toygres.api.FailoverStatus;
import dev.toygres.bench.Report;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.e2e.Home;
import dev.toygres.testkit.Eventually;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How long nobody can write while the primary moves: with writers at 200/s through the pooled and
 * the read-write endpoint at once, and by turns with it the same by hand with plain Postgres on the
 * same disk, which is the floor; then at saturation. Prints the rows of
 * docs/benchmarks/switchover.md.
 */
@Tag("bench")
class SwitchoverBenchmark {
    /** Of each of four writers, in commits a second: as the peers were measured. */
    static final int RATE = 25;

    private static final int FLAT_OUT = 1000;
    private static final int ROUNDS = Integer.getInteger("toygres.rounds", 20);
    private static final int SATURATED = Math.min(ROUNDS, 5);
    private static final Duration SOON = Duration.ofMinutes(2);

    @Test
    void measure() throws Exception {
        Report.load("before");
        try (Home home = Home.up(3);
                ToygresClient client = home.client();
                Floor floor =
                        new Floor(home.directory().toRealPath().resolveSibling("").normalize())) {
            home.create("pg");
            for (String replica : List.of("pg-r1", "pg-r2")) {
                client.addReplica("pg", new AddReplicaRequest(replica, Optional.empty())).await();
            }
            Clients clients = Clients.of(client, "pg", Files.createTempDirectory("toygres-bench"));
            byTurns(client, clients, floor);
            saturated(client, clients);
            clients.remove();
        }
        Report.load("after");
    }

    private static void byTurns(ToygresClient client, Clients clients, Floor floor)
            throws Exception {
        List<Long> floors = new ArrayList<>();
        List<Probe.Seen> pooled = new ArrayList<>();
        List<Probe.Seen> direct = new ArrayList<>();
        List<Long> own = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            floors.add(floor.switchOver().gapMs());
            Probe one = Probe.on(clients.directory(), clients.pooled(), "p", RATE);
            Probe other = Probe.on(clients.directory(), clients.readWrite(), "d", RATE);
            one.event();
            other.event();
            own.add(switchOver(client));
            pooled.add(one.seen());
            direct.add(other.seen());
            awaitStreaming(client);
        }
        Report.load("in the middle");
        Report.row("floor by hand: CHECKPOINT, fast stop, promote", floors);
        Report.row("longest gap, pooled endpoint", gaps(pooled));
        Report.row("longest gap, read-write endpoint", gaps(direct));
        Report.row("interruptionMs as the product reports it", own);
        ledger("pooled", pooled);
        ledger("read-write", direct);
        long least = Report.median(floors);
        System.out.printf(
                "ratio to the floor: pooled %.2f, read-write %.2f%n",
                (double) Report.median(gaps(pooled)) / least,
                (double) Report.median(gaps(direct)) / least);
    }

    private static void saturated(ToygresClient client, Clients clients) throws Exception {
        List<Long> bench = new ArrayList<>();
        List<Probe.Seen> direct = new ArrayList<>();
        try (PgBench pooled = PgBench.on(clients)) {
            for (int i = 0; i < SATURATED; i++) {
                Eventually.until(SOON, "it runs", pooled::isFlowing);
                pooled.forget();
                long own = switchOver(client);
                awaitStreaming(client);
                Eventually.until(SOON, "it runs again", pooled::isFlowing);
                bench.add(pooled.longestGapMs());
                System.out.println("saturated, pooled: reported " + own + " ms");
            }
            System.out.println("pgbench: " + pooled.end());
        }
        for (int i = 0; i < SATURATED; i++) {
            Probe probe = Probe.on(clients.directory(), clients.readWrite(), "d", FLAT_OUT);
            probe.event();
            switchOver(client);
            direct.add(probe.seen());
            awaitStreaming(client);
        }
        Report.row("saturated: longest gap of pgbench -c 8, pooled endpoint", bench);
        Report.row(
                "saturated: longest gap of 4 writers flat out, read-write endpoint", gaps(direct));
        ledger("saturated, read-write", direct);
    }

    private static long switchOver(ToygresClient client) {
        client.startFailover("pg", FailoverRequest.usual()).await();
        FailoverStatus last =
                client.listFailovers("pg", ListQuery.first()).items().stream()
                        .findFirst()
                        .orElseThrow();
        return last.interruptionMs().orElse(-1L);
    }

    private static void awaitStreaming(ToygresClient client) {
        Eventually.until(
                SOON,
                "all stream",
                () ->
                        client.listReplicas("pg", ListQuery.first()).items().stream()
                                .allMatch(one -> one.state().equals("Streaming")));
    }

    private static List<Long> gaps(List<Probe.Seen> seen) {
        return seen.stream().map(Probe.Seen::gapMs).toList();
    }

    private static void ledger(String what, List<Probe.Seen> seen) {
        System.out.printf(
                "%s: acknowledged %d, failed %d, lost %d, twice %d%n",
                what,
                seen.stream().mapToInt(Probe.Seen::acknowledged).sum(),
                seen.stream().mapToInt(Probe.Seen::failed).sum(),
                seen.stream().mapToInt(Probe.Seen::lost).sum(),
                seen.stream().mapToInt(Probe.Seen::duplicates).sum());
    }
}
