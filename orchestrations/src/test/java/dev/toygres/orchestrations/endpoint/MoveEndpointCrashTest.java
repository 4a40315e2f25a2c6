package dev.toygres.orchestrations.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.testing.CrashHarness;
import dev.toygres.durable.testing.CrashHarness.Report;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.Play;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Loses the server before and after every journal write while addresses move (S13). */
@Tag("scenario")
class MoveEndpointCrashTest {
    private static final House HOUSE = new House("endpoint_crashes");

    @AfterAll
    static void close() {
        HOUSE.close();
    }

    private static String move() {
        return HOUSE.catalogue
                .jdbi()
                .inTransaction(
                        handle ->
                                HOUSE.lanes.start(
                                        handle, EndpointFlows.MOVE, "pg", new EndpointInput("pg")));
    }

    private static void theirHostIsDead() {
        new Stage(HOUSE).lose();
    }

    @Test
    void addressesMoveTheSameWhereverTheServerIsLost() {
        Report report =
                new CrashHarness(
                                () ->
                                        new Play(HOUSE, List.of(MoveEndpointCrashTest::move))
                                                .after(MoveEndpointCrashTest::theirHostIsDead)
                                                .lingeringOn("ClearLeftover")
                                                .onceOver(() -> HOUSE.agent.reachable(true)))
                        .run();

        assertThat(report.writes()).anyMatch(write -> write.contains("close-former"));
    }

    @Test
    void whatCannotMoveIsLeftAloneWhereverTheServerIsLost() {
        AtomicReference<Stage> stage = new AtomicReference<>();
        new CrashHarness(
                        () ->
                                new Play(HOUSE, List.of(MoveEndpointCrashTest::move))
                                        .after(
                                                () -> {
                                                    stage.set(new Stage(HOUSE));
                                                    stage.get().lose();
                                                    stage.get()
                                                            .second
                                                            .failing(
                                                                    "OpenEndpoint",
                                                                    "port 6000 is taken",
                                                                    9999);
                                                }))
                .run();

        assertThat(stage.get().addressesAt()).isEqualTo("host-1");
    }
}
