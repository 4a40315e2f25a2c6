package dev.toygres.orchestrations.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.testing.CrashHarness;
import dev.toygres.durable.testing.CrashHarness.Report;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.Play;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Loses the server before and after every journal write of every flow of an instance. */
@Tag("harness")
class InstanceCrashTest {
    private static final House HOUSE = new House("instance_crashes");

    @AfterAll
    static void close() {
        HOUSE.close();
    }

    @Test
    void aWholeLifeEndsTheSameWhereverTheServerIsLost() {
        Report report =
                new CrashHarness(
                                () ->
                                        new Play(
                                                HOUSE,
                                                List.of(
                                                        () -> HOUSE.desk.create(House.wish("pg")),
                                                        () -> HOUSE.desk.stop("pg"),
                                                        () -> HOUSE.desk.start("pg"),
                                                        () -> HOUSE.desk.restart("pg"),
                                                        () -> HOUSE.desk.delete("pg"))))
                        .run();

        assertThat(report.writes()).hasSizeGreaterThan(25);
        assertThat(report.crashes()).hasSizeGreaterThanOrEqualTo(2 * report.writes().size() - 5);
    }

    @Test
    void aCreationIsUndoneTheSameWhereverTheServerIsLost() {
        new CrashHarness(
                        () ->
                                new Play(HOUSE, List.of(() -> HOUSE.desk.create(House.wish("pg"))))
                                        .after(() -> HOUSE.agent.reachable(false))
                                        .whileWaiting(
                                                operation -> {
                                                    HOUSE.operations.cancel(operation);
                                                    HOUSE.agent.reachable(true);
                                                }))
                .run();
    }

    /** And what it left is destroyed the same when the host is back. */
    @Test
    void aDeletionWithItsHostDeadEndsTheSameWhereverTheServerIsLost() {
        Report report =
                new CrashHarness(
                                () ->
                                        new Play(HOUSE, List.of(() -> HOUSE.desk.delete("pg")))
                                                .after(
                                                        () -> {
                                                            HOUSE.create("pg");
                                                            HOUSE.agent.reachable(false);
                                                        })
                                                .lingeringOn("ClearLeftover")
                                                .onceOver(() -> HOUSE.agent.reachable(true)))
                        .run();

        assertThat(report.writes()).anyMatch(write -> write.contains("destroy-pg-m1-later"));
    }

    @Test
    void aFailedCreationKeepsItsEvidenceWhereverTheServerIsLost() {
        new CrashHarness(
                        () ->
                                new Play(
                                                HOUSE,
                                                List.of(
                                                        () -> HOUSE.desk.create(House.wish("pg")),
                                                        () -> HOUSE.desk.delete("pg")))
                                        .after(
                                                () ->
                                                        HOUSE.agent.failing(
                                                                "CreateMember", "no room", 9999)))
                .run();
    }
}
