package dev.toygres.bench.failover;

import dev.toygres.api.AddReplicaRequest;
import dev.toygres.api.FailoverStatus;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.e2e.Home;
import dev.toygres.e2e.Load;
import dev.toygres.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The longest gap between acknowledged commits over twenty switchovers at about 200 commits a
 * second, through the pooled and the read-write endpoint at once. Prints rows for
 * docs/benchmarks/switchover.md.
 */
@Tag("bench")
class SwitchoverBenchmark {
    private static final int ROUNDS = 20;
    private static final Duration SOON = Duration.ofMinutes(1);

    @Test
    void measure() throws Exception {
        System.out.println("load before: " + Files.readString(Path.of("/proc/loadavg")).strip());
        try (Home home = Home.up(3);
                ToygresClient client = home.client()) {
            home.create("pg");
            for (String replica : List.of("pg-r1", "pg-r2")) {
                client.addReplica("pg", new AddReplicaRequest(replica, Optional.empty())).await();
            }
            try (Load pooled = Load.on(home, "pg", true);
                    Load direct = Load.on(home, "pg", false)) {
                switchOver(home, pooled, direct);
                pooled.stop();
                direct.stop();
                System.out.println(
                        "acknowledged %d + %d, failed pooled %d, failed read-write %d, lost %d + %d"
                                .formatted(
                                        pooled.acknowledgedCount(),
                                        direct.acknowledgedCount(),
                                        pooled.failures().size(),
                                        direct.failures().size(),
                                        pooled.lost().size(),
                                        direct.lost().size()));
            }
            List<Long> own = new ArrayList<>();
            client.listFailovers("pg", ListQuery.first()).items().stream()
                    .map(FailoverStatus::interruptionMs)
                    .forEach(ms -> own.add(ms.orElse(-1L)));
            row("interruptionMs as the product reports it", own);
        }
        System.out.println("load after: " + Files.readString(Path.of("/proc/loadavg")).strip());
    }

    private static void switchOver(Home home, Load pooled, Load direct) {
        List<Long> pooledGaps = new ArrayList<>();
        List<Long> directGaps = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            long before = pooled.acknowledgedCount();
            Eventually.until(SOON, "rows flow", () -> pooled.acknowledgedCount() > before + 100);
            pooled.takeLongestGap();
            direct.takeLongestGap();
            home.toygres("failover", "pg").succeeded();
            pooledGaps.add(pooled.takeLongestGap().toMillis());
            directGaps.add(direct.takeLongestGap().toMillis());
            Eventually.until(SOON, "all stream", () -> allStream(home));
        }
        row("longest gap, pooled endpoint", pooledGaps);
        row("longest gap, read-write endpoint", directGaps);
    }

    private static boolean allStream(Home home) {
        try (ToygresClient client = home.client()) {
            return client.listReplicas("pg", ListQuery.first()).items().stream()
                    .allMatch(one -> one.state().equals("Streaming"));
        }
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
