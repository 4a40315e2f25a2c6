package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agent.process.Await;
import dev.toygres.agentapi.HostStatus.State;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.Order.FenceMember;
import dev.toygres.agentapi.Order.StartMember;
import dev.toygres.agentapi.Order.UnfenceMember;
import dev.toygres.agentapi.OrderResult.Prepared;
import dev.toygres.agentapi.lease.LeaseRound;
import dev.toygres.agentapi.lease.LeaseStanding.Holding;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Leases and vouchers between two agents, with real Postgres (S2-S4, S11); the server is us. */
@Tag("harness")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class LeaseTest {
    private static final long TTL = 3_000;

    /** An elector is asked every five seconds what it would say. */
    private static final long REHEARSED = Duration.ofSeconds(7).toNanos();

    private static final Fleet FLEET = new Fleet(2);

    @BeforeAll
    static void onePrimaryAndItsReplica() {
        FLEET.createPrimary(1);
        FLEET.createReplica(2, 1);
        FLEET.run(1, "create table kept (n int)");
    }

    @AfterAll
    static void leaveNothingBehind() {
        FLEET.close();
    }

    private static void eventually(BooleanSupplier effect) {
        assertThat(Await.until(Duration.ofSeconds(20), effect)).isTrue();
    }

    private static boolean runs(int host) {
        return FLEET.status(host).state() == State.Running;
    }

    private static Holding holding() {
        return FLEET.agent(1).lease(LeaseRound.FIRST, Duration.ofSeconds(5)).members().getFirst();
    }

    /** As a server would, as long as the work lasts. */
    private static AutoCloseable granting(long term) {
        var ended = new AtomicBoolean();
        var trouble = new AtomicReference<@Nullable RuntimeException>();
        var thread =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    while (!ended.get()) {
                                        try {
                                            FLEET.grant(1, term);
                                        } catch (RuntimeException fault) {
                                            trouble.set(fault);
                                        }
                                        Await.pause(Duration.ofMillis(200));
                                    }
                                });
        return () -> {
            ended.set(true);
            thread.join();
            assertThat(trouble.get()).isNull();
        };
    }

    @Test
    @Order(1)
    void anElectorateIsKeptOnlyByWhoHasAGrant() {
        var refused = FLEET.keepElectorate(1, 1, TTL, 2);

        assertThat(refused.state()).isEqualTo(JobStatus.State.Failed);
        assertThat(refused.error().orElseThrow()).contains("no grant of term 1");
        assertThat(holding().needsLease()).isFalse();
        assertThat(runs(1)).isTrue();
    }

    /** It has no times of a lease; working them out once failed the round of its whole host. */
    @Test
    @Order(2)
    void aGrantToAPrimaryThatNeedsNoneDoesNotSpoilTheRound() {
        FLEET.grant(1, 1);

        assertThat(holding().missing()).isEmpty();
        assertThat(runs(1)).isTrue();
    }

    /** Also not after a grant of another term, which once displaced those of its own. */
    @Test
    @Order(3)
    void withoutRenewalItIsKilledAndComesBackOnlyByAGrant() throws Exception {
        try (var _ = granting(1)) {
            Workshop.succeeded(FLEET.keepElectorate(1, 2, TTL, 2));
            assertThat(holding().needsLease()).isTrue();
            Await.pause(Duration.ofMillis(2 * TTL));
            assertThat(runs(1)).isTrue();
        }

        eventually(() -> !runs(1));
        assertThat(FLEET.status(1).trouble().orElse("")).contains("it needs a grant of term 1");
        Await.pause(Duration.ofMillis(TTL));
        assertThat(runs(1)).isFalse();
        FLEET.grant(1, 7);
        Await.pause(Duration.ofMillis(500));
        assertThat(runs(1)).isFalse();

        try (var _ = granting(1)) {
            eventually(() -> runs(1));
            assertThat(FLEET.ask(1, "select count(*) from kept")).isEqualTo("0");
        }
    }

    @Test
    @Order(4)
    void theElectorKeepsItAliveWhileTheServerIsSilent() throws Exception {
        eventually(() -> holding().missing().equals(List.of(Fleet.id(2))));
        try (var _ = granting(1)) {
            Workshop.succeeded(FLEET.vouchFor(2, 1, TTL));
            eventually(() -> runs(1));
        }

        Await.pause(Duration.ofMillis(3 * TTL));

        FLEET.run(1, "insert into kept values (1)");
        assertThat(holding().missing()).isEmpty();
        FLEET.restartAgent(2);
        FLEET.restartAgent(1);
        Await.pause(Duration.ofMillis(2 * TTL));
        FLEET.run(1, "insert into kept values (2)");
    }

    @Test
    @Order(5)
    void aPreparedElectorRefusesUntilItsTimeIsOver() throws SQLException {
        var prepared = FLEET.prepare(2, 2, Duration.ofSeconds(12));
        var out = Workshop.result(prepared, Prepared.class).vouchersOutMs();

        assertThat(out).isBetween(1L, TTL + 1);
        eventually(() -> !runs(1));
        FLEET.restartAgent(2);
        assertThat(runs(1)).isFalse();
        // It vouches again, and the primary comes back by that alone; the promotion comes too late.
        eventually(() -> runs(1));
        FLEET.run(1, "insert into kept values (3)");
        FLEET.term = 2;
        var late = FLEET.put(2, FLEET.promotion(2, List.of()));
        FLEET.term = 1;
        assertThat(late.state()).isEqualTo(JobStatus.State.Failed);
        assertThat(late.error().orElseThrow()).contains("term 2 is over");
    }

    /** S2: until then the old one's time ran on, while others counted with the new one. */
    @Test
    @Order(7)
    void aShorterLeaseEndsWhatALongerOneHasGiven() throws Exception {
        try (var _ = granting(1)) {
            eventually(() -> runs(1));
            Workshop.succeeded(FLEET.keepElectorate(1, 4, 20 * TTL, 2));
            FLEET.stopAgent(2);
            Await.pause(Duration.ofSeconds(1));
            Workshop.succeeded(FLEET.keepElectorate(1, 5, TTL, 2));
        }

        eventually(() -> !runs(1));
        FLEET.startAgent(2, CrashPoint.NONE);
    }

    /** S4: told while there is somebody to tell; and no reason to wait before a promotion. */
    @Test
    @Order(8)
    void anElectorIsMissedWhileTheServerWorksAndARehearsalIsNoVoucher() throws Exception {
        try (var _ = granting(1)) {
            eventually(() -> runs(1) && FLEET.status(1).unheard().isEmpty());
            FLEET.stopAgent(2);
            eventually(
                    () ->
                            FLEET.status(1).unheard().stream()
                                    .anyMatch(one -> one.memberId().equals(Fleet.id(2).value())));
            assertThat(runs(1)).isTrue();

            FLEET.startAgent(2, CrashPoint.NONE);
            eventually(() -> FLEET.status(1).unheard().isEmpty());
            eventually(() -> vouchersOutMs() == 0);
            for (var end = System.nanoTime() + REHEARSED; System.nanoTime() < end; ) {
                assertThat(vouchersOutMs()).isZero();
                Await.pause(Duration.ofMillis(100));
            }
        }
    }

    /**
     * The term after a failover that came to nothing was given no grant before it was remembered,
     * and was not remembered before there was one: with its elector away it never started again.
     */
    @Test
    @Order(9)
    void aStartInANewerTermIsGivenTheGrantOfThat() throws Exception {
        FLEET.stopAgent(2);
        eventually(() -> !runs(1));
        try (var _ = granting(3)) {
            var start = FLEET.put(1, new StartMember(Fleet.id(1), 3, Optional.empty()));
            Workshop.succeeded(start);
        }
        FLEET.order(1, new FenceMember(Fleet.id(1), 4));
        try (var _ = granting(5)) {
            Workshop.succeeded(FLEET.put(1, new UnfenceMember(Fleet.id(1), 5)));
            FLEET.run(1, "insert into kept values (5)");
        }
        FLEET.startAgent(2, CrashPoint.NONE);
    }

    private static long vouchersOutMs() {
        return FLEET.agent(2)
                .lease(LeaseRound.FIRST, Duration.ofSeconds(5))
                .promises()
                .getFirst()
                .vouchersOutMs();
    }

    @Test
    @Order(6)
    void aDeadElectorStopsItAndAShorterListSavesIt() throws Exception {
        FLEET.stopAgent(2);
        eventually(() -> !runs(1));

        try (var _ = granting(1)) {
            eventually(() -> runs(1));
            var old = FLEET.keepElectorate(1, 1, TTL, 2);
            assertThat(old.error().orElseThrow()).contains("older than 2");
            Workshop.succeeded(FLEET.keepElectorate(1, 3, TTL));
        }

        Await.pause(Duration.ofMillis(2 * TTL));
        FLEET.run(1, "insert into kept values (4)");
        FLEET.startAgent(2, CrashPoint.NONE);
    }
}
