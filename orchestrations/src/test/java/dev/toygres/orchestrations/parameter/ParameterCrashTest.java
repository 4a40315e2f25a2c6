package dev.toygres.orchestrations.parameter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.testing.CrashHarness;
import dev.toygres.durable.testing.CrashHarness.Report;
import dev.toygres.model.Size;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.Play;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Loses the server before and after every journal write of SetParameters. */
@Tag("harness")
class ParameterCrashTest {
    private static final House HOUSE = new House("parameter_crashes");

    @AfterAll
    static void close() {
        HOUSE.close();
    }

    private static Report play(Runnable trouble, Supplier<String> operation) {
        return play(List.of("pg-r1", "pg-r2"), trouble, operation);
    }

    private static Report play(
            List<String> replicas, Runnable trouble, Supplier<String> operation) {
        return new CrashHarness(
                        () ->
                                new Play(HOUSE, List.of(operation))
                                        .after(
                                                () -> {
                                                    create(replicas);
                                                    trouble.run();
                                                }))
                .run();
    }

    private static void create(List<String> replicas) {
        HOUSE.create("pg");
        replicas.forEach(
                one -> HOUSE.finish(HOUSE.replicas.add("pg", SetParametersTest.replica(one))));
        HOUSE.watch.look();
    }

    @Test
    void aRestartEndsTheSameWhereverTheServerIsLost() {
        Report report =
                play(
                        () -> {},
                        () ->
                                HOUSE.parameters.set(
                                        "pg", SetParametersTest.wish("max_connections", "90")));

        assertThat(report.writes()).hasSizeGreaterThan(20);
    }

    @Test
    void aLoweringEndsTheSameWhereverTheServerIsLost() {
        play(
                List.of("pg-r1"),
                () -> {},
                () -> HOUSE.parameters.set("pg", SetParametersTest.wish("max_connections", "40")));
    }

    @Test
    void aChangeForTheNextRestartEndsTheSameWhereverTheServerIsLost() {
        play(
                List.of("pg-r1"),
                () -> {},
                () -> HOUSE.parameters.set("pg", NextRestartTest.wish("max_connections", "40")));
    }

    @Test
    void aResizeEndsTheSameWhereverTheServerIsLost() {
        play(
                List.of("pg-r1"),
                () -> {},
                () -> HOUSE.parameters.resize("pg", Size.small, "somebody"));
    }

    @Test
    void aScheduledChangeEndsTheSameWhereverTheServerIsLost() {
        play(
                List.of("pg-r1"),
                () -> {},
                () -> {
                    String change =
                            HOUSE.parameters.set(
                                    "pg",
                                    SetParametersTest.at(HOUSE.clock.instant().plusSeconds(3600)));
                    HOUSE.clock.advance(Duration.ofHours(2));
                    return change;
                });
    }

    @Test
    void anUndoneChangeEndsTheSameWhereverTheServerIsLost() {
        play(
                () -> HOUSE.agent.failing("Checkpoint", "the disk is gone", 9999),
                () -> HOUSE.parameters.set("pg", SetParametersTest.wish("max_connections", "90")));
    }
}
