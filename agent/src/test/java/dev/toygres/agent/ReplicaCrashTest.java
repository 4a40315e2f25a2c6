package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.HostStatus.State;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.Rejoined.How;
import dev.toygres.model.StopMode;
import dev.toygres.testkit.Eventually;
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
        for (var point :
                List.of(
                        "replica: remembered",
                        "clone: copied",
                        "clone: identified",
                        "clone: complete")) {
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

    /**
     * Expected: a list that was remembered is in force, at the latest when the order comes again.
     */
    @Test
    @org.junit.jupiter.api.Order(2)
    void aSyncListIsInForceAfterTheRepeatedOrder() throws Exception {
        var list = new Order.SyncStandbys(Fleet.id(1), FLEET.term, 1, List.of("app-2"));
        FLEET.dieDuring(1, "sync: remembered", list);
        FLEET.order(1, list);
        assertThat(FLEET.ask(1, "SHOW synchronous_standby_names")).isEqualTo("ANY 1 (\"app-2\")");
        Eventually.within(
                SOON,
                () ->
                        assertThat(FLEET.replication(1).followers())
                                .extracting(one -> one.syncState())
                                .containsExactly("quorum"));

        var none = new Order.SyncStandbys(Fleet.id(1), FLEET.term, 0, List.of());
        FLEET.dieDuring(1, "sync: remembered", none);
        FLEET.order(1, none);
        assertThat(FLEET.ask(1, "SHOW synchronous_standby_names")).isEmpty();
    }

    /** Expected: it streams from whom it was told, whoever of its agents did it. */
    @Test
    @org.junit.jupiter.api.Order(2)
    void aStandbyFollowsAfterTheRepeatedOrder() throws Exception {
        var follow = new Order.FollowMember(Fleet.id(2), FLEET.term, FLEET.upstream(2, 1));
        FLEET.dieDuring(2, "follow: remembered", follow);
        FLEET.order(2, follow);
        FLEET.run(1, "INSERT INTO t VALUES (0)");
        Eventually.within(
                SOON,
                () ->
                        assertThat(FLEET.ask(2, "SELECT count(*) FROM t WHERE i = 0"))
                                .isEqualTo("1"));
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
        assertThat(FLEET.promote(2, List.of()).timeline())
                .as("P47: promoting who is promoted is a success, and changes nothing")
                .isEqualTo(2);
        assertThat(FLEET.ask(2, "SELECT count(*) FROM t WHERE i = 3")).isEqualTo("1");
    }

    @Test
    @org.junit.jupiter.api.Order(5)
    void aRewindThatWasCutShortEndsInAClone() throws Exception {
        FLEET.order(2, new Order.KeepSlot(Fleet.id(2), FLEET.term, Fleet.slot(1)));
        FLEET.dieDuring(1, "rejoin: fenced", FLEET.rejoining(1, 2));
        FLEET.dieDuring(1, "rejoin: salvaged", FLEET.rejoining(1, 2));
        FLEET.dieDuring(1, "rejoin: rewinding", FLEET.rejoining(1, 2));
        assertThat(FLEET.status(1).state()).isEqualTo(State.Stopped);
    }

    @Test
    @org.junit.jupiter.api.Order(6)
    void itIsClonedThen() throws Exception {
        FLEET.dieDuring(1, "rejoin: cloning", FLEET.rejoining(1, 2));
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
    void aRemovalThatWasCutShortIsFinishedAndACloneOf250MegabytesIsMeasured() throws Exception {
        FLEET.run(
                2,
                "CREATE TABLE big AS SELECT g, repeat('x', 1000) AS filler FROM generate_series(1, 230000) g");
        var destroy = new Order.DestroyMember(Fleet.id(1), FLEET.term);
        FLEET.dieDuring(1, "destroy: stopped", destroy);
        FLEET.dieDuring(1, "destroy: data gone", destroy);
        FLEET.order(1, destroy);
        assertThat(FLEET.memberHome(1)).doesNotExist();
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
