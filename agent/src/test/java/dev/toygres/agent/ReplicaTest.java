package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.HostStatus.State;
import dev.toygres.testkit.Eventually;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Standbys of one primary. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ReplicaTest {
    private static final Fleet FLEET = new Fleet(3);
    private static final Duration SOON = Duration.ofSeconds(20);

    @BeforeAll
    static void create() {
        FLEET.createPrimary(1);
        FLEET.run(1, "CREATE TABLE t (i int)");
    }

    @AfterAll
    static void leaveNothingBehind() {
        FLEET.close();
    }

    @Test
    @Order(1)
    void isClonedAndStreams() {
        var began = System.nanoTime();
        var up = FLEET.createReplica(2, 1);
        System.out.println("clone of an empty member " + (System.nanoTime() - began) / 1_000_000);

        assertThat(up.systemIdentifier())
                .isEqualTo(FLEET.status(1).systemIdentifier().orElseThrow());
        assertThat(FLEET.ask(2, "SELECT pg_is_in_recovery()")).isEqualTo("t");
        FLEET.run(1, "INSERT INTO t VALUES (1)");
        Eventually.within(
                SOON, () -> assertThat(FLEET.ask(2, "SELECT count(*) FROM t")).isEqualTo("1"));
        Eventually.within(
                SOON,
                () -> {
                    var seen = FLEET.replication(2);
                    assertThat(seen.standby()).isTrue();
                    assertThat(seen.streaming()).isTrue();
                    assertThat(seen.replayLagMs()).isZero();
                    assertThat(seen.timeline()).isEqualTo(1);
                    assertThat(FLEET.replication(1).followers().getFirst().name())
                            .isEqualTo("app-2");
                    assertThat(FLEET.replication(1).slots().getFirst().active()).isTrue();
                });
        assertThat(FLEET.status(2).role()).isEqualTo("Standby");
        assertThat(FLEET.status(2).trouble()).isEmpty();
    }

    @Test
    @Order(2)
    void gatesCommitsByTheSyncListReally() throws SQLException {
        FLEET.sync(1, 1, List.of("app-2"));
        assertThat(FLEET.ask(1, "SHOW synchronous_standby_names")).isEqualTo("ANY 1 (\"app-2\")");
        assertThat(commitIsAcknowledged()).isTrue();

        FLEET.order(
                2,
                new dev.toygres.agentapi.Order.StopMember(
                        Fleet.id(2), FLEET.term, dev.toygres.model.StopMode.Fast));
        assertThat(commitIsAcknowledged()).isFalse();

        FLEET.sync(1, 0, List.of());
        assertThat(commitIsAcknowledged()).isTrue();
        FLEET.order(
                2,
                new dev.toygres.agentapi.Order.StartMember(
                        Fleet.id(2), FLEET.term, java.util.Optional.empty()));
        Eventually.within(SOON, () -> assertThat(FLEET.replication(2).streaming()).isTrue());
        assertThat(FLEET.status(2).state()).isEqualTo(State.Running);
    }

    private static boolean commitIsAcknowledged() throws SQLException {
        try (var connection = FLEET.sql(1)) {
            Workshop.run(connection, "SET statement_timeout = '700ms'");
            var began = System.nanoTime();
            /* A cancelled wait is a warning, not an error: the row is here all the same. */
            Workshop.run(connection, "INSERT INTO t VALUES (2)");
            return System.nanoTime() - began < 600_000_000L;
        }
    }
}
