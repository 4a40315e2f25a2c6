package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.HostStatus.MemberStatus;
import dev.toygres.agentapi.HostStatus.Vitals;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderEnvelope;
import dev.toygres.model.Lane;
import dev.toygres.testkit.Eventually;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What an owner's own query, and an owner's database, can do to the judgement of a primary (D9).
 */
@Tag("harness")
final class CustomCheckTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    /** Longer than a session of the monitoring role lasts, by some checks. */
    private static final Duration A_WHILE = Duration.ofSeconds(9);

    private static final Fleet FLEET = new Fleet(1);
    private static int watches;

    @BeforeAll
    static void create() {
        FLEET.createPrimary(1);
    }

    @AfterAll
    static void leaveNothingBehind() {
        FLEET.close();
    }

    private static void watch(String query, boolean counts) {
        var order =
                new Order.WatchMember(
                        Fleet.id(1),
                        1,
                        Duration.ofMillis(200),
                        Duration.ofMillis(200),
                        Optional.of(query),
                        counts,
                        "app",
                        Duration.ZERO);
        var envelope = new OrderEnvelope("app-1", Lane.monitor, ++watches, 1, order);
        Workshop.succeeded(FLEET.agent(1).put("watch/" + watches, envelope, Workshop.WAIT));
    }

    private static Vitals vitals() {
        return FLEET.status(1).vitals().orElseThrow();
    }

    private static void awaitCheck(boolean passed) {
        Eventually.within(
                SOON, () -> assertThat(vitals().customCheckOk()).isEqualTo(Optional.of(passed)));
    }

    private static void staysWellFor(Duration time) throws InterruptedException {
        for (var end = System.nanoTime() + time.toNanos(); System.nanoTime() < end; ) {
            MemberStatus status = FLEET.status(1);
            assertThat(status.vitals().orElseThrow().failuresInARow()).isZero();
            assertThat(status.replication()).as("what it says of its WAL").isPresent();
            Thread.sleep(100);
        }
    }

    /** The usual hardening took the monitoring role's right to connect: three failed checks. */
    @Test
    void aDatabaseThatLetsTheMonitorInNoMoreIsNoFailureOfItsPrimary() throws Exception {
        watch("select true", true);
        awaitCheck(true);
        watch("select true", false);

        FLEET.run(1, "REVOKE CONNECT ON DATABASE app FROM PUBLIC");
        try {
            awaitCheck(false);
            assertThat(vitals().words()).contains("permission denied for database");
            staysWellFor(A_WHILE);
        } finally {
            FLEET.run(1, "GRANT CONNECT ON DATABASE app TO PUBLIC");
        }
        awaitCheck(true);
    }

    @Test
    void aCheckThatFailsCountsOnlyWhereItsOwnerSaysSo() throws Exception {
        watch("select false", false);
        awaitCheck(false);
        staysWellFor(Duration.ofSeconds(2));

        watch("select false", true);
        Eventually.within(SOON, () -> assertThat(vitals().failuresInARow()).isGreaterThan(2));

        watch("select true", true);
        Eventually.within(SOON, () -> assertThat(vitals().failuresInARow()).isZero());
    }

    @Test
    void aCheckThatTakesTooLongIsNoFailureOfItsPrimary() throws Exception {
        watch("select pg_sleep(60)", false);
        awaitCheck(false);
        staysWellFor(Duration.ofSeconds(2));
    }
}
