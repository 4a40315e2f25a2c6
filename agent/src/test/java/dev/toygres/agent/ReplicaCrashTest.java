package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.HostStatus.State;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.Rejoined.How;
import dev.toygres.model.StopMode;
import dev.toygres.testkit.Eventually;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** An agent that dies in the middle of an order: the same order, repeated, ends well. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("harness")
final class ReplicaCrashTest {
    private static final Fleet FLEET = new Fleet(2);
    private static final Duration SOON = Duration.ofSeconds(20);

    @BeforeAll
    static void create() {
        FLEET.createPrimary(1);
        FLEET.run(1, "CREATE TABLE t (i int)");
        FLEET.order(1, new Order.KeepSlot(Fleet.id(1), FLEET.term, Fleet.slot(2)));
    }

    @AfterAll
    static void leaveNothingBehind() {
        FLEET.close();
    }

    @Test
    @org.junit.jupiter.api.Order(1)
    void aCloneIsMadeInTheEnd() throws Exception {
        for (var point : List.of("replica: remembered", "clone: copied", "clone: complete")) {
            FLEET.dieDuring(2, point, FLEET.cloning(2, 1, 0));
            assertThat(FLEET.status(2).state()).isEqualTo(State.Creating);
        }
        FLEET.up(2, FLEET.cloning(2, 1, 0));
        Eventually.within(SOON, () -> assertThat(FLEET.replication(2).streaming()).isTrue());
    }

    @Test
    @org.junit.jupiter.api.Order(2)
    void aKilledStandbyComesBackAsOne() {
        var restarts = FLEET.status(2).restarts();
        Remains.endAllBelow(FLEET.memberHome(2).resolve("data"));

        Eventually.within(
                SOON, () -> assertThat(FLEET.status(2).restarts()).isGreaterThan(restarts));
        assertThat(FLEET.ask(2, "SELECT pg_is_in_recovery()")).isEqualTo("t");
    }

    @Test
    @org.junit.jupiter.api.Order(3)
    void aPrimaryIsFencedAndTakenBack() throws Exception {
        FLEET.term++;
        var fence = new Order.FenceMember(Fleet.id(1), FLEET.term);
        FLEET.dieDuring(1, "fence: marked", fence);
        Eventually.within(SOON, () -> assertThat(FLEET.status(1).state()).isEqualTo(State.Stopped));
        FLEET.dieDuring(1, "fence: stopped", fence);
        assertThat(FLEET.fence(1).clean()).isTrue();

        FLEET.dieDuring(1, "unfence: unmarked", new Order.UnfenceMember(Fleet.id(1), FLEET.term));

        FLEET.up(1, new Order.UnfenceMember(Fleet.id(1), FLEET.term));
        FLEET.run(1, "INSERT INTO t VALUES (1)");
    }

    @Test
    @org.junit.jupiter.api.Order(4)
    void aPromotionIsFinishedByTheRepeatedOrder() throws Exception {
        FLEET.order(2, new Order.StopMember(Fleet.id(2), FLEET.term, StopMode.Fast));
        FLEET.run(1, "INSERT INTO t VALUES (2)");
        FLEET.order(1, new Order.StopMember(Fleet.id(1), FLEET.term, StopMode.Immediate));
        FLEET.order(2, new Order.StartMember(Fleet.id(2), FLEET.term, Optional.empty()));
        FLEET.term++;

        FLEET.dieDuring(2, "promote: remembered", FLEET.promotion(2, List.of()));
        assertThat(FLEET.ask(2, "SELECT pg_is_in_recovery()")).isEqualTo("t");
        FLEET.dieDuring(2, "promote: promoted", FLEET.promotion(2, List.of()));

        assertThat(FLEET.promote(2, List.of()).timeline()).isEqualTo(2);
        FLEET.run(2, "INSERT INTO t VALUES (3)");
    }

    @Test
    @org.junit.jupiter.api.Order(5)
    void aRewindThatWasCutShortEndsInAClone() throws Exception {
        FLEET.order(2, new Order.KeepSlot(Fleet.id(2), FLEET.term, Fleet.slot(1)));
        FLEET.dieDuring(1, "rejoin: salvaged", FLEET.rejoining(1, 2));
        FLEET.dieDuring(1, "rejoin: rewinding", FLEET.rejoining(1, 2));
        assertThat(FLEET.status(1).state()).isEqualTo(State.Stopped);
    }

    @Test
    @org.junit.jupiter.api.Order(6)
    void itIsClonedThen() throws SQLException {
        var back = FLEET.rejoin(1, 2);

        assertThat(back.how()).isEqualTo(How.Cloned);
        Eventually.within(
                SOON,
                () ->
                        assertThat(FLEET.ask(1, "SELECT count(*) FROM t WHERE i = 3"))
                                .isEqualTo("1"));
        assertThat(FLEET.ask(1, "SELECT count(*) FROM t WHERE i = 2")).isEqualTo("0");
    }

    @Test
    @org.junit.jupiter.api.Order(7)
    void aCloneOf250MegabytesIsMeasured() {
        FLEET.run(
                2,
                "CREATE TABLE big AS SELECT g, repeat('x', 1000) AS filler FROM generate_series(1, 230000) g");
        FLEET.order(1, new Order.DestroyMember(Fleet.id(1), FLEET.term));
        FLEET.order(2, new Order.DropSlot(Fleet.id(2), FLEET.term, Fleet.slot(1)));
        FLEET.order(2, new Order.KeepSlot(Fleet.id(2), FLEET.term, Fleet.slot(1)));
        var began = System.nanoTime();

        var status =
                FLEET.agent(1)
                        .put(
                                "again",
                                Workshop.envelope(FLEET.cloning(1, 2, 0), 2, 1),
                                Workshop.WAIT);

        System.out.println("clone of 250 MB " + (System.nanoTime() - began) / 1_000_000);
        Workshop.succeeded(status);
    }
}
