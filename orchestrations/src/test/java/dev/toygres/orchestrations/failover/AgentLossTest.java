package dev.toygres.orchestrations.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.InstanceState;
import dev.toygres.model.ReplicaState;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.replica.NewReplica;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Loses an agent at every order of the flows of replicas and failovers: before it obeys, and before
 * it can say that it has.
 *
 * <p>Expected wherever it happens: the operation ends; at no moment two members take commits (S5);
 * in the end the one that the catalogue calls primary does, clients are let through, and what did
 * not come about can be had by the same request.
 */
@Tag("harness")
class AgentLossTest {
    private static final House HOUSE = new House("agents_lost");

    @AfterAll
    static void close() {
        HOUSE.close();
    }

    @Test
    void aReplicaIsAddedInTheEnd() {
        List<String> lost =
                atEveryOrder(
                        () -> {
                            HOUSE.create("pg");
                            add("pg-r1", "Async");
                        },
                        () -> HOUSE.replicas.add("pg", wish("pg-r2", "Sync")),
                        () -> HOUSE.replicas.rebuild("pg", "pg-r2"),
                        () ->
                                assertThat(states())
                                        .containsExactly("pg-r1 Streaming", "pg-r2 Streaming"));

        assertThat(lost)
                .contains("ClaimLane", "KeepSlot", "CreateReplica", "AwaitPosition")
                .contains("SyncStandbys", "OpenEndpoint");
    }

    @Test
    void aReplicaIsRemovedInTheEnd() {
        List<String> lost =
                atEveryOrder(
                        () -> {
                            HOUSE.create("pg");
                            add("pg-r1", "Async");
                            add("pg-r2", "Sync");
                        },
                        () -> HOUSE.replicas.remove("pg", "pg-r2"),
                        () -> HOUSE.replicas.remove("pg", "pg-r2"),
                        () -> assertThat(states()).containsExactly("pg-r1 Streaming"));

        assertThat(lost).contains("SyncStandbys", "OpenEndpoint", "DestroyMember", "DropSlot");
    }

    @Test
    void thePrimaryIsMovedInTheEndOrServesAsBefore() {
        List<String> lost =
                atEveryOrder(
                        () -> {
                            HOUSE.create("pg");
                            add("pg-r1", "Async");
                            add("pg-r2", "Sync");
                        },
                        () -> HOUSE.failovers.start("pg", House.to("pg-r2")),
                        () -> HOUSE.failovers.start("pg", House.to("pg-r2")),
                        () -> {
                            assertThat(HOUSE.desk.get("pg").primary()).contains("pg-r2");
                            assertThat(states())
                                    .containsExactly("pg-m1 Streaming", "pg-r1 Streaming");
                        });

        assertThat(lost)
                .contains("Checkpoint", "HoldEndpoint", "DrainMember", "FenceMember")
                .contains("PromoteMember", "OpenEndpoint", "RejoinMember", "FollowMember");
    }

    /** Answers the orders at which it was lost. */
    private static List<String> atEveryOrder(
            Runnable before, Supplier<String> request, Supplier<String> again, Runnable reached) {
        List<String> lost = new ArrayList<>();
        for (boolean afterObeying : new boolean[] {false, true}) {
            Optional<String> during;
            int order = 0;
            do {
                HOUSE.clear();
                HOUSE.watch.look();
                before.run();
                HOUSE.watch.look();
                HOUSE.agent.lostAt(++order, afterObeying);
                String operation = request.get();
                boolean done = HOUSE.finish(operation).toString().equals("Succeeded");
                during = HOUSE.agent.lostDuring();
                HOUSE.agent.lostAt(0, false);
                during.ifPresent(lost::add);
                String place =
                        "lost %s order %d, %s: %s"
                                .formatted(
                                        afterObeying ? "after" : "at",
                                        order,
                                        during.orElse("none"),
                                        HOUSE.operation(operation).error());
                isLegal(place);
                if (!done) {
                    assertThat(HOUSE.finish(again.get())).as(place).hasToString("Succeeded");
                    isLegal(place);
                }
                settle();
                reached.run();
            } while (during.isPresent());
        }
        return lost;
    }

    private static void isLegal(String place) {
        var instance = HOUSE.desk.get("pg");
        assertThat(instance.state()).as(place).isEqualTo(InstanceState.Running);
        assertThat(HOUSE.agent.mostWritable()).as(place).isEqualTo(1);
        assertThat(HOUSE.agent.writable())
                .as(place)
                .containsExactly(instance.primary().orElseThrow());
        assertThat(HOUSE.agent.held()).as(place).isEmpty();
    }

    private static void settle() {
        for (int look = 0; look < 4; look++) {
            HOUSE.watch.look();
            HOUSE.desk.get("pg").operation().ifPresent(HOUSE::finish);
            HOUSE.clock.advance(java.time.Duration.ofSeconds(4));
        }
    }

    private static List<String> states() {
        return HOUSE.desk.get("pg").replicas().stream()
                .map(one -> one.id() + " " + one.state())
                .toList();
    }

    private static void add(String replica, String mode) {
        assertThat(HOUSE.finish(HOUSE.replicas.add("pg", wish(replica, mode))))
                .hasToString("Succeeded");
        assertThat(HOUSE.replicas.get("pg", replica).state()).isEqualTo(ReplicaState.Streaming);
    }

    private static NewReplica wish(String replica, String mode) {
        return new NewReplica(
                replica,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(mode),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
