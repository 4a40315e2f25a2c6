package dev.toygres.orchestrations.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.OperationState;
import dev.toygres.model.ReplicaState;
import dev.toygres.orchestrations.House;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who was away when the primary moved has more than one chance to follow it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeftBehindTest {
    private final House house = new House("left_behind");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void anInstanceWithTwoReplicas() {
        house.clear();
        house.clock.advance(Duration.ofHours(2));
        house.create("pg");
        add("pg-r1");
        add("pg-r2");
        look();
    }

    private void add(String replica) {
        assertThat(house.finish(house.replicas.add("pg", House.replica(replica, "Async"))))
                .isEqualTo(OperationState.Succeeded);
    }

    private void look() {
        house.watch.look();
        house.watchHealth();
    }

    /** What the watch finds to do is done. */
    private void pass(Duration time) {
        house.clock.advance(time);
        house.watch.look();
        house.desk.get("pg").operation().ifPresent(house::finish);
    }

    private void ordersArrive() {
        house.agent.failing("none", "", 0);
    }

    private ReplicaState state(String replica) {
        return house.replicas.get("pg", replica).state();
    }

    private long attempts() {
        return house.operations
                .list(
                        Optional.of("pg"),
                        Optional.of("RejoinReplica"),
                        Optional.empty(),
                        100,
                        Optional.empty())
                .size();
    }

    /** It stayed Broken until somebody rebuilt it. */
    @Test
    void aReplicaThatMissedTheFailoverFollowsOnceItsHostAnswers() {
        house.agent.failing("FollowMember", "its host does not answer", 9999);
        assertThat(house.finish(house.failovers.start("pg", House.to("pg-r1"))))
                .isEqualTo(OperationState.Succeeded);
        assertThat(state("pg-r2")).isEqualTo(ReplicaState.Broken);

        ordersArrive();
        pass(Duration.ofSeconds(10));
        pass(Duration.ofSeconds(10));

        assertThat(state("pg-r2")).isEqualTo(ReplicaState.Streaming);
    }

    /** One attempt was all that it had. */
    @Test
    void aFormerPrimaryWhoseRejoinFailedIsTriedAgainAndNotAllTheTime() {
        house.agent.failing("RejoinMember", "its disk is full", 9999);
        assertThat(house.finish(house.failovers.start("pg", House.to("pg-r1"))))
                .isEqualTo(OperationState.Succeeded);
        for (int minute = 0; minute < 30; minute++) {
            pass(Duration.ofMinutes(1));
        }
        assertThat(attempts()).isBetween(3L, 12L);
        assertThat(state("pg-m1")).isEqualTo(ReplicaState.Broken);

        ordersArrive();
        for (int minute = 0; minute < 10; minute++) {
            pass(Duration.ofMinutes(1));
        }

        assertThat(state("pg-m1")).isEqualTo(ReplicaState.Streaming);
    }

    /** As the only Sync one it would have had every commit wait for it, though it was well. */
    @Test
    void replicasThatMissedTheUndoOfAFailoverFollowTheOldPrimaryAgain() {
        house.agent.failing("FollowMember", "its host does not answer", 9999);
        house.agent.walEnds("unreadable");
        house.agent.die("pg-m1");
        look();
        assertThat(house.finish(house.desk.get("pg").operation().orElseThrow()))
                .isEqualTo(OperationState.Failed);
        assertThat(house.desk.get("pg").primary()).contains("pg-m1");
        assertThat(List.of(state("pg-r1"), state("pg-r2"))).containsOnly(ReplicaState.Broken);

        ordersArrive();
        for (int turn = 0; turn < 4; turn++) {
            pass(Duration.ofSeconds(10));
        }

        assertThat(List.of(state("pg-r1"), state("pg-r2"))).containsOnly(ReplicaState.Streaming);
    }
}
