package dev.toygres.orchestrations.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.testing.CrashHarness;
import dev.toygres.durable.testing.CrashHarness.Report;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.Play;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Loses the server before and after every journal write of the flows of replicas and failovers. */
@Tag("harness")
class FailoverCrashTest {
    private static final House HOUSE = new House("failover_crashes");

    @AfterAll
    static void close() {
        HOUSE.close();
    }

    @Test
    void replicasComeAndGoTheSameWhereverTheServerIsLost() {
        Report report =
                new CrashHarness(
                                () ->
                                        new Play(
                                                        HOUSE,
                                                        List.of(
                                                                () -> add("pg-r1", "Async"),
                                                                () -> add("pg-r2", "Sync"),
                                                                () ->
                                                                        HOUSE.replicas.rebuild(
                                                                                "pg", "pg-r1"),
                                                                () ->
                                                                        HOUSE.replicas.remove(
                                                                                "pg", "pg-r2")))
                                                .after(() -> HOUSE.create("pg")))
                        .run();

        assertThat(report.writes()).hasSizeGreaterThan(30);
    }

    @Test
    void aFailoverEndsTheSameWhereverTheServerIsLost() {
        Report report =
                new CrashHarness(
                                () ->
                                        new Play(
                                                        HOUSE,
                                                        List.of(
                                                                () ->
                                                                        HOUSE.failovers.start(
                                                                                "pg",
                                                                                House.to("pg-r2"))))
                                                .after(FailoverCrashTest::twoReplicas))
                        .run();

        assertThat(report.writes()).hasSizeGreaterThan(15);
    }

    @Test
    void anUndoneFailoverEndsTheSameWhereverTheServerIsLost() {
        new CrashHarness(
                        () ->
                                new Play(
                                                HOUSE,
                                                List.of(
                                                        () ->
                                                                HOUSE.failovers.start(
                                                                        "pg",
                                                                        new FailoverWish(
                                                                                Optional.of(
                                                                                        "pg-r1"),
                                                                                Optional.of(false),
                                                                                Optional.empty(),
                                                                                Optional.empty(),
                                                                                Optional.empty()))))
                                        .after(
                                                () -> {
                                                    twoReplicas();
                                                    HOUSE.agent.failing(
                                                            "AwaitPosition", "gone", 9999);
                                                }))
                .run();
    }

    /** When reads and commits lean on the replica already. */
    @Test
    void aReplicaThatIsCancelledLateGoesTheSameWhereverTheServerIsLost() {
        Report report =
                new CrashHarness(
                                () ->
                                        new Play(HOUSE, List.of(() -> add("pg-r1", "Sync")))
                                                .after(
                                                        () -> {
                                                            HOUSE.create("pg");
                                                            HOUSE.agent.failing(
                                                                    "SyncStandbys", "later", 2);
                                                        })
                                                .whileWaiting(HOUSE.operations::cancel))
                        .run();

        assertThat(report.writes())
                .anyMatch(write -> write.contains("~undo/lean-on-others/settle-confirm"));
    }

    private static void twoReplicas() {
        HOUSE.create("pg");
        HOUSE.finish(add("pg-r1", "Async"));
        HOUSE.finish(add("pg-r2", "Sync"));
        HOUSE.watch.look();
    }

    private static String add(String replica, String mode) {
        return HOUSE.replicas.add("pg", House.replica(replica, mode));
    }
}
