package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.agent.process.Processes;
import dev.toygres.agent.process.Signal;
import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.agentapi.HostStatus.Slot;
import dev.toygres.agentapi.HostStatus.State;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.Rejoined.How;
import dev.toygres.model.StopMode;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A switch of the primary, by orders only: the orders of a test follow each other as a server's.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("harness")
final class FailoverTest {
    private static final Fleet FLEET = new Fleet(3);
    private static final Duration SOON = Duration.ofSeconds(20);
    private static EndpointPorts ports;

    @BeforeAll
    static void create() {
        FLEET.createPrimary(1);
        FLEET.createReplica(2, 1);
        FLEET.run(1, "CREATE TABLE ledger (i int)");
        ports = FLEET.open(3, 1, List.of(FLEET.address(2)));
    }

    @AfterAll
    static void leaveNothingBehind() {
        FLEET.close();
    }

    @Test
    @org.junit.jupiter.api.Order(1)
    void switchesThereAndBackWithoutAnErrorForPooledClients() throws Exception {
        try (var ledger = new Ledger(() -> FLEET.sql(ports.host(), ports.pooled()))) {
            Eventually.within(SOON, () -> assertThat(ledger.acknowledged).hasSizeGreaterThan(50));
            for (int round = 0; round < 4; round++) {
                var from = 1 + round % 2;
                var to = 3 - from;
                ledger.forgetGap();
                switchOver(from, to);
                var count = ledger.acknowledged.size();
                Eventually.within(
                        SOON, () -> assertThat(ledger.acknowledged).hasSizeGreaterThan(count + 20));
                System.out.println("switch gap " + ledger.longestGap() + " ms");
                var back = FLEET.rejoin(from, to);
                System.out.println("rejoined " + back);
                assertThat(back.how()).isEqualTo(How.Started);
                assertThat(back.divergedBytes()).isZero();
                FLEET.order(3, FLEET.opening(to, List.of(FLEET.address(from))));
            }
            ledger.end();
            assertThat(ledger.errors).isEmpty();
            assertThat(rows(1)).containsAll(ledger.acknowledged);
        }
    }

    /** S10: the undo of a new replica waited for a dead primary, and a failover for the undo. */
    @Test
    @org.junit.jupiter.api.Order(0)
    void aSlotOfAPrimaryThatIsDownGoesWhenItIsBack() {
        FLEET.order(1, new Order.KeepSlot(Fleet.id(1), FLEET.term, "passing"));
        FLEET.order(1, new Order.StopMember(Fleet.id(1), FLEET.term, StopMode.Fast));

        FLEET.order(1, new Order.DropSlot(Fleet.id(1), FLEET.term, "passing"));

        FLEET.order(1, new Order.StartMember(Fleet.id(1), FLEET.term, Optional.empty()));
        Eventually.within(
                SOON,
                () ->
                        assertThat(FLEET.replication(1).slots())
                                .extracting(Slot::name)
                                .containsExactly(Fleet.slot(2)));
        FLEET.order(1, new Order.KeepSlot(Fleet.id(1), FLEET.term, "passing"));
        FLEET.order(1, new Order.DropSlot(Fleet.id(1), FLEET.term, "passing"));
    }

    /** The session that was asked each second still answered: it was well for minutes. */
    @Test
    @org.junit.jupiter.api.Order(0)
    void aPrimaryWhoseFrozenPostmasterLetsNobodyInIsNotWell() throws IOException {
        var pid = postmaster(1);
        Signal.STOP.to(pid);
        try {
            Eventually.within(
                    Duration.ofSeconds(30),
                    () ->
                            assertThat(FLEET.status(1).vitals().orElseThrow().failuresInARow())
                                    .isGreaterThan(1));
        } finally {
            Signal.CONT.to(pid);
        }
        Eventually.within(
                SOON,
                () -> assertThat(FLEET.status(1).vitals().orElseThrow().failuresInARow()).isZero());
    }

    /** S3: with nobody left to sweep, it would finish, and acknowledge that after the lease. */
    @Test
    @org.junit.jupiter.api.Order(0)
    void aGuardKilledWithItsAgentLeavesNoBusyBackendBehind() throws Exception {
        var guard = Processes.pidIn(FLEET.home.resolve("run/guard-app-1.pid")).orElseThrow();
        try (var session = FLEET.sql(FLEET.address(1).host(), FLEET.address(1).port())) {
            var busy = Long.parseLong(Workshop.value(session, "SELECT pg_backend_pid()"));
            var working =
                    CompletableFuture.runAsync(
                            () ->
                                    assertThatThrownBy(
                                                    () ->
                                                            Workshop.run(
                                                                    session,
                                                                    "DO $$ BEGIN LOOP END LOOP; END $$"))
                                            .isInstanceOf(SQLException.class));
            FLEET.stopAgent(1);
            // An idle one sees by itself that its postmaster is gone.
            var active = "SELECT state FROM pg_stat_activity WHERE pid = " + busy;
            Eventually.within(SOON, () -> assertThat(FLEET.ask(1, active)).isEqualTo("active"));

            Signal.KILL.to(guard);

            Eventually.within(SOON, () -> assertThat(Processes.isAlive(busy)).isFalse());
            working.get(20, TimeUnit.SECONDS);
        }
        FLEET.startAgent(1, CrashPoint.NONE);
        Eventually.within(SOON, () -> assertThat(FLEET.status(1).state()).isEqualTo(State.Running));
    }

    /** S1: a catalogue restored from a backup would open a term that has a primary already. */
    @Test
    @org.junit.jupiter.api.Order(0)
    void whoFollowsAPrimaryIsNotPromotedInItsTerm() {
        var promoted =
                FLEET.put(
                        2,
                        new Order.PromoteMember(Fleet.id(2), FLEET.term, 0, List.of(), List.of()));
        var prepared = FLEET.prepare(2, FLEET.term, SOON);

        for (var refused : List.of(promoted, prepared)) {
            assertThat(refused.state()).isEqualTo(JobStatus.State.Failed);
            assertThat(refused.error().orElseThrow()).contains("a term has one primary");
        }
        assertThat(FLEET.replication(2).standby()).isTrue();
    }

    @Test
    @org.junit.jupiter.api.Order(0)
    void readersAreServedByReplicasElseByThePrimary() throws Exception {
        Eventually.within(SOON, () -> assertThat(readsFromAStandby()).isEqualTo("t"));
        FLEET.order(3, FLEET.opening(1, List.of()));
        assertThat(readsFromAStandby()).isEqualTo("f");
        FLEET.order(3, FLEET.opening(1, List.of(), true));
        var waiting = CompletableFuture.supplyAsync(FailoverTest::readsFromAStandbyOrFails);
        assertThatThrownBy(() -> waiting.get(500, TimeUnit.MILLISECONDS))
                .as("never at the primary")
                .isInstanceOf(TimeoutException.class);
        FLEET.order(3, FLEET.opening(1, List.of(FLEET.address(2)), true));
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo("t");
        FLEET.order(3, FLEET.opening(1, List.of(FLEET.address(2))));
        Eventually.within(SOON, () -> assertThat(readsFromAStandby()).isEqualTo("t"));
        FLEET.order(2, new Order.StopMember(Fleet.id(2), FLEET.term, StopMode.Fast));
        Eventually.within(SOON, () -> assertThat(readsFromAStandby()).isEqualTo("f"));
        FLEET.order(2, new Order.StartMember(Fleet.id(2), FLEET.term, Optional.empty()));
        Eventually.within(SOON, () -> assertThat(FLEET.replication(2).streaming()).isTrue());
    }

    private static String readsFromAStandbyOrFails() {
        try {
            return readsFromAStandby();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String readsFromAStandby() throws SQLException {
        try (var connection = FLEET.sql(ports.host(), ports.readOnly())) {
            return Workshop.value(connection, "SELECT pg_is_in_recovery()");
        }
    }

    @Test
    @org.junit.jupiter.api.Order(0)
    void aHoldSurvivesTheAgentAndEndsTransactionsThatTakeTooLong() throws Exception {
        try (var slow = FLEET.sql(ports.host(), ports.pooled());
                var waiting = FLEET.sql(ports.host(), ports.pooled())) {
            slow.setAutoCommit(false);
            assertThat(Workshop.value(slow, "SELECT 1")).isEqualTo("1");
            var began = System.nanoTime();

            FLEET.hold(3, Duration.ofMillis(300));

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
            assertThatThrownBy(() -> Workshop.value(slow, "SELECT 1"))
                    .isInstanceOf(SQLException.class);
            FLEET.restartAgent(3);
            assertThat(FLEET.agent(3).status().endpoints().getFirst().held()).isTrue();
            var answer =
                    CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return Workshop.value(waiting, "SELECT 2");
                                } catch (SQLException failure) {
                                    throw new IllegalStateException(failure);
                                }
                            });
            assertThatThrownBy(() -> answer.get(500, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            FLEET.order(3, FLEET.opening(1, List.of(FLEET.address(2))));
            assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("2");
        }
    }

    /**
     * Archiving is on, so a stop ends the segment and waits until each standby has the rest of it:
     * a hundred milliseconds in which nobody could write.
     */
    @Test
    @org.junit.jupiter.api.Order(0)
    void aStopWaitsForNoStandbyToReceiveTheRestOfASegment() throws Exception {
        Eventually.within(
                SOON, () -> assertThat(number("SELECT count(*) FROM pg_stat_replication")).isOne());

        FLEET.order(1, new Order.Checkpoint(Fleet.id(1), FLEET.term));

        assertThat(number("SELECT (pg_current_wal_insert_lsn() - '0/0') % (16 << 20)"))
                .as("of 16 MB")
                .isGreaterThan(14 << 20);
    }

    private static long number(String query) throws SQLException {
        try (var connection = FLEET.sql(1);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void switchOver(int from, int to) {
        FLEET.term++;
        FLEET.order(from, new Order.Checkpoint(Fleet.id(from), FLEET.term));
        FLEET.hold(3, Duration.ofSeconds(5));
        FLEET.drain(from, Duration.ofSeconds(1));
        var fenced = FLEET.fence(from);
        assertThat(fenced.clean()).isTrue();
        FLEET.await(to, fenced.lsn());
        assertThat(FLEET.agent(3).status().endpoints().getFirst().held()).isTrue();
        var promoted = FLEET.promote(to, List.of());
        System.out.println("promoted in " + promoted.promotionMs() + " ms, " + promoted);
        FLEET.order(3, FLEET.opening(to, List.of()));
    }

    private static Set<Integer> rows(int host) throws SQLException {
        var found = new TreeSet<Integer>();
        try (var connection = FLEET.sql(host);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT i FROM ledger")) {
            while (rows.next()) {
                assertThat(found.add(rows.getInt(1))).as("written once").isTrue();
            }
        }
        return found;
    }

    @Test
    @org.junit.jupiter.api.Order(2)
    void aFencedPrimaryComesUpOnlyWhenItIsTakenBack() {
        FLEET.term++;
        var fenced = FLEET.fence(1);
        assertThat(FLEET.fence(1)).isEqualTo(fenced);

        FLEET.restartAgent(1);
        var start = new Order.StartMember(Fleet.id(1), FLEET.term, Optional.empty());
        assertThat(FLEET.put(1, start).error().orElseThrow()).contains("fenced");
        assertThat(FLEET.status(1).state()).isEqualTo(State.Stopped);
        assertThat(FLEET.status(1).role()).isEqualTo("Fenced");
        assertThat(Remains.of(FLEET.memberHome(1))).isEmpty();

        FLEET.up(1, new Order.UnfenceMember(Fleet.id(1), FLEET.term));
        FLEET.run(1, "INSERT INTO ledger VALUES (-1)");
        var older = new Order.FenceMember(Fleet.id(1), FLEET.term - 1);
        assertThat(FLEET.put(1, older).state()).isEqualTo(JobStatus.State.Refused);
    }

    @Test
    @org.junit.jupiter.api.Order(3)
    void aDivergedPrimaryIsRewoundAndItsTailKept() throws Exception {
        FLEET.order(2, new Order.StopMember(Fleet.id(2), FLEET.term, StopMode.Fast));
        FLEET.run(1, "INSERT INTO ledger SELECT -g FROM generate_series(2, 1000) g");
        FLEET.stopAgent(1);
        killEverybody(1);
        FLEET.term++;
        var promoted = FLEET.promote(2, List.of());
        assertThat(promoted.timeline()).isGreaterThan(1);
        FLEET.run(2, "INSERT INTO ledger VALUES (-5000)");
        FLEET.startAgent(1, CrashPoint.NONE);

        var began = System.nanoTime();
        var back = FLEET.rejoin(1, 2);

        System.out.println("rewound in " + (System.nanoTime() - began) / 1_000_000 + " " + back);
        assertThat(back.how()).isEqualTo(How.Rewound);
        assertThat(back.divergedBytes()).isPositive();
        var tail = back.tail().orElseThrow();
        assertThat(tail.transactions()).isPositive();
        assertThat(tail.lastAt().orElseThrow())
                .isBetween(Instant.now().minusSeconds(120), Instant.now());
        assertThat(Path.of(tail.place()))
                .isDirectoryContaining(file -> file.endsWith("salvage.json"));
        Eventually.within(SOON, () -> assertThat(rows(1)).contains(-5000).doesNotContain(-2));
        try (var kept = Files.walk(FLEET.memberHome(1).resolve("salvage"))) {
            assertThat(kept.filter(file -> file.endsWith("salvage.json"))).hasSize(1);
        }
    }

    private static void killEverybody(int host) throws IOException {
        var data = FLEET.memberHome(host).resolve("data");
        var guard =
                Processes.pidIn(FLEET.home.resolve("run/guard-app-" + host + ".pid")).orElseThrow();
        var postmaster = postmaster(host);
        Signal.KILL.to(guard);
        Signal.KILL.to(postmaster);
        Remains.endAllBelow(data);
    }

    private static long postmaster(int host) throws IOException {
        var file = FLEET.memberHome(host).resolve("data/postmaster.pid");
        return Long.parseLong(Files.readAllLines(file).getFirst());
    }
}
