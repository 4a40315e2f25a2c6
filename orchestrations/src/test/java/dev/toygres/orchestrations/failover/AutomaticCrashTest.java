package dev.toygres.orchestrations.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.OperationState;
import dev.toygres.durable.testing.CrashHarness;
import dev.toygres.durable.testing.CrashHarness.Report;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.Play;
import dev.toygres.orchestrations.replica.NewReplica;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Loses the server before and after every journal write of a failover that nobody asked for. The
 * agent refuses a second writable member wherever that would be (S5).
 */
@Tag("harness")
class AutomaticCrashTest {
    private static final House HOUSE = new House("automatic_crashes");

    @AfterAll
    static void close() {
        HOUSE.close();
    }

    @Test
    void aDeadPrimaryIsReplacedTheSameWhereverTheServerIsLost() {
        Report report =
                new CrashHarness(
                                () ->
                                        play(
                                                () -> {
                                                    HOUSE.agent.hasReceived("pg-r2", "0/4FFFF00");
                                                    HOUSE.agent.hasReceived("pg-r1", "0/4FFFE00");
                                                    HOUSE.agent.walEnds("0/5000000");
                                                }))
                        .run();

        assertThat(report.writes())
                .hasSizeGreaterThan(12)
                .anyMatch(write -> write.contains("salvage"))
                .anyMatch(write -> write.contains("rejoin-old-primary"));
    }

    @Test
    void whatCannotBeTakenAlongEndsTheSameWhereverTheServerIsLost() {
        Report report =
                new CrashHarness(
                                () ->
                                        play(
                                                "Async",
                                                () -> HOUSE.agent.walEnds("unreadable"),
                                                Duration.ofMillis(5)))
                        .run();

        assertThat(report.writes()).anyMatch(write -> write.contains("~undo/resume-old-primary"));
    }

    @Test
    void aForcedOneEndsTheSameWhereverTheServerIsLost() {
        Report report =
                new CrashHarness(
                                () ->
                                        play(
                                                        "Sync",
                                                        () -> {
                                                            HOUSE.agent.mute("pg-r1", true);
                                                            HOUSE.agent.walEnds("unreadable");
                                                        },
                                                        Duration.ofMinutes(5))
                                                .whileWaiting(AutomaticCrashTest::force))
                        .run();

        assertThat(report.writes()).anyMatch(write -> write.contains("data-at-risk"));
    }

    private static void force(String operation) {
        if (HOUSE.operation(operation).state() == OperationState.NeedsDecision) {
            HOUSE.operations.decide(
                    operation, Map.of("action", "force", "acceptDataLossBytes", 1 << 20));
        }
    }

    private static Play play(Runnable preparation) {
        return play("Sync", preparation, Duration.ofMillis(5));
    }

    /** With an Async replica beside it; then the primary dies, and has been dead for so long. */
    private static Play play(String mode, Runnable preparation, Duration ago) {
        return new Play(HOUSE, List.of(() -> die(ago)))
                .after(
                        () -> {
                            HOUSE.clock.advance(Duration.ofHours(2));
                            HOUSE.create("pg");
                            add("pg-r1", mode);
                            add("pg-r2", "Async");
                            preparation.run();
                            look();
                        });
    }

    private static String die(Duration ago) {
        HOUSE.agent.die("pg-m1", ago);
        look();
        return HOUSE.operations
                .list(
                        Optional.of("pg"),
                        Optional.of("AutomaticFailover"),
                        Optional.empty(),
                        1,
                        Optional.empty())
                .getFirst()
                .id();
    }

    private static void look() {
        HOUSE.watch.look();
        HOUSE.watchHealth();
    }

    private static void add(String replica, String mode) {
        NewReplica wish = House.replica(replica, mode);
        HOUSE.finish(HOUSE.replicas.add("pg", wish));
    }
}
