package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agent.process.Signal;
import dev.toygres.agentapi.HostStatus.State;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.model.StopMode;
import dev.toygres.testkit.Eventually;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Standbys of one primary. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("harness")
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
    void gatesCommitsByTheSyncListReally() throws Exception {
        FLEET.sync(1, 1, List.of("app-2"));
        assertThat(FLEET.ask(1, "SHOW synchronous_standby_names")).isEqualTo("ANY 1 (\"app-2\")");
        assertThat(commitIsAcknowledged()).isTrue();

        FLEET.order(
                2,
                new dev.toygres.agentapi.Order.StopMember(Fleet.id(2), FLEET.term, StopMode.Fast));
        assertThat(commitIsAcknowledged()).isFalse();

        FLEET.sync(1, 0, List.of());
        assertThat(commitIsAcknowledged()).isTrue();
        FLEET.order(
                2,
                new dev.toygres.agentapi.Order.StartMember(
                        Fleet.id(2), FLEET.term, Optional.empty()));
        Eventually.within(SOON, () -> assertThat(FLEET.replication(2).streaming()).isTrue());
        assertThat(FLEET.status(2).state()).isEqualTo(State.Running);
    }

    /**
     * Its run destroys it and makes it anew under one token, perhaps with an agent's end between.
     */
    @Test
    @Order(3)
    void isRebuiltByTheRunThatDestroyedItAndByNoLateOrder() {
        FLEET.order(2, new dev.toygres.agentapi.Order.DestroyMember(Fleet.id(2), FLEET.term));
        FLEET.restartAgent(2);

        var late = FLEET.put(2, FLEET.cloning(2, 1, 0));
        assertThat(late.state()).isEqualTo(JobStatus.State.Refused);
        assertThat(late.error().orElseThrow()).contains("was destroyed");

        FLEET.up(2, FLEET.rebuilding(2, 1));
        Eventually.within(SOON, () -> assertThat(FLEET.replication(2).streaming()).isTrue());
    }

    /**
     * S1, S5: whoever knows its own address could write to it, and lose that. Expected: it is
     * stopped and named, no agent starts it again as it is, the primary does not notice, and a
     * rebuild makes it a standby again.
     */
    @Test
    @Order(4)
    void isStoppedWhenSomebodyPromotesItByHand() throws Exception {
        var data = FLEET.memberHome(2).resolve("data");
        Files.writeString(data.resolve("promote"), "");
        Signal.USR1.to(
                Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst()));

        Eventually.within(
                SOON, () -> assertThat(FLEET.status(2).trouble().orElse("")).contains("behind"));
        Eventually.within(SOON, () -> assertThat(Remains.of(data)).isEmpty());
        Eventually.within(SOON, () -> assertThat(FLEET.status(2).state()).isEqualTo(State.Stopped));
        assertThat(FLEET.status(2).desired()).as("nobody ordered that").isEqualTo("Running");
        FLEET.restartAgent(2);
        var start =
                new dev.toygres.agentapi.Order.StartMember(
                        Fleet.id(2), FLEET.term, Optional.empty());
        assertThat(FLEET.put(2, start).error().orElseThrow()).contains("fenced");
        FLEET.run(1, "INSERT INTO t VALUES (3)");

        FLEET.order(2, new dev.toygres.agentapi.Order.DestroyMember(Fleet.id(2), FLEET.term));
        FLEET.up(2, FLEET.rebuilding(2, 1));
        Eventually.within(
                SOON,
                () ->
                        assertThat(FLEET.ask(2, "SELECT count(*) FROM t WHERE i = 3"))
                                .isEqualTo("1"));
        assertThat(FLEET.ask(2, "SELECT pg_is_in_recovery()")).isEqualTo("t");
    }

    /** Expected: the primary is not read for the copy, and is followed all the same. */
    @Test
    @Order(5)
    void isCopiedFromAnotherReplicaAtThatRate() throws Exception {
        FLEET.order(1, new dev.toygres.agentapi.Order.KeepSlot(Fleet.id(1), FLEET.term, "app_3"));

        FLEET.up(3, FLEET.cloning(3, 1, FLEET.address(2), 64 << 10));

        assertThat(Files.readString(FLEET.memberHome(3).resolve("data/backup_label.old")))
                .contains("BACKUP FROM: standby");
        Eventually.within(
                SOON,
                () ->
                        assertThat(FLEET.replication(1).followers())
                                .extracting(one -> one.name())
                                .contains("app-3"));
        assertThat(FLEET.replication(2).followers()).isEmpty();
    }

    /** Whoever waits is cancelled in the end; the row is here all the same. */
    private static boolean commitIsAcknowledged() throws Exception {
        try (var connection = FLEET.sql(1)) {
            var pid = Workshop.value(connection, "SELECT pg_backend_pid()");
            var commit =
                    CompletableFuture.runAsync(
                            () -> {
                                try {
                                    Workshop.run(connection, "INSERT INTO t VALUES (2)");
                                } catch (SQLException failure) {
                                    throw new IllegalStateException(failure);
                                }
                            });
            try {
                commit.get(700, TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException waiting) {
                FLEET.run(1, "SELECT pg_cancel_backend(" + pid + ")");
                commit.get(10, TimeUnit.SECONDS);
                return false;
            }
        }
    }
}
