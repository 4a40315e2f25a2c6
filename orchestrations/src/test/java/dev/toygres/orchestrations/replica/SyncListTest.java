package dev.toygres.orchestrations.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.durable.OperationState;
import dev.toygres.model.Refused;
import dev.toygres.model.ReplicaState;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.failover.FailoverWish;
import dev.toygres.orchestrations.instance.Instances;
import dev.toygres.store.InstanceStore;
import dev.toygres.testkit.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** S7, S9: who gates commits, when an agent does not do or does not say what it was told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SyncListTest {
    private final House house = new House("sync_lists");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void anInstanceWithTwoReplicas() {
        house.clear();
        house.clock.advance(Duration.ofMinutes(1));
        house.create("pg");
        add("pg-r1", "Async");
        add("pg-r2", "Async");
        house.watch.look();
    }

    /** S7. Expected: both lists count until it is known which is in force; then only that one. */
    @Test
    void aListThatNobodyConfirmedMayBeInForceAndIsOrderedAgain() {
        house.agent.failing("SyncStandbys", "no answer", 9999);
        beSync("pg-r1");
        settle();

        assertThat(unsure()).isTrue();
        assertThat(listed()).as("may be in force").containsExactly("pg-r1");

        answers();
        settle();
        assertThat(unsure()).isFalse();
        assertThat(house.agent.effects()).endsWith("pg-m1 waits for [pg-r1]");
    }

    /** S7. Expected: a name that is to go counts for as long as commits may still wait for it. */
    @Test
    void aNameThatIsToGoCountsUntilThePrimaryHasConfirmed() {
        beSync("pg-r1");
        beSync("pg-r2");
        settle();
        house.agent.failing("SyncStandbys", "no answer", 9999);
        assertThat(house.finish(house.replicas.remove("pg", "pg-r1")))
                .isEqualTo(OperationState.Failed);

        assertThat(listed()).containsExactly("pg-r1", "pg-r2");
        assertThat(house.agent.effects())
                .as("S9: it is not touched before commits have ceased to wait for it")
                .doesNotContain("destroy pg-r1", "drop pg_r1 on pg-m1");

        answers();
        assertThat(house.finish(house.replicas.remove("pg", "pg-r1")))
                .isEqualTo(OperationState.Succeeded);
        assertThat(listed()).containsExactly("pg-r2");
    }

    /** Expected: the new primary has its own list before it is promoted, and doubt ends there. */
    @Test
    void aFailoverEndsTheDoubtAboutTheList() {
        beSync("pg-r2");
        settle();
        house.agent.failing("SyncStandbys", "no answer", 9999);
        beSync("pg-r1");
        settle();
        assertThat(listed()).containsExactly("pg-r1", "pg-r2");

        answers();
        assertThat(failOver("pg-r2")).isEqualTo(OperationState.Succeeded);

        assertThat(unsure()).isFalse();
        assertThat(listed())
                .as("the old primary has the target's mode now")
                .containsExactly("pg-m1", "pg-r1");
    }

    /** S9. Expected: nobody waits for who does not stream, and it can be had by a rebuild. */
    @Test
    void aReplicaThatNeverStreamsNeverGatesCommits() {
        house.agent.failing("AwaitPosition", "does not stream", 9999);

        assertThat(house.finish(house.replicas.add("pg", wish("pg-s1", "Sync"))))
                .isEqualTo(OperationState.Failed);

        assertThat(house.replicas.get("pg", "pg-s1").state()).isEqualTo(ReplicaState.Broken);
        assertThat(listed()).isEmpty();
        answers();
        assertThat(house.finish(house.replicas.rebuild("pg", "pg-s1")))
                .isEqualTo(OperationState.Succeeded);
        assertThat(listed()).containsExactly("pg-s1");
    }

    /**
     * Expected: a third replica whose host is dead holds nothing up; commits wait for who is left;
     * it is named Broken, and a rebuild takes it along once its host is back.
     */
    @Test
    void aFailoverGoesOnThoughAThirdReplicaIsDead() {
        beSync("pg-r1");
        beSync("pg-r2");
        settle();
        house.agent.silence("pg-r1", true);
        settle();

        assertThat(failOver("pg-r2")).isEqualTo(OperationState.Succeeded);

        assertThat(house.desk.get("pg").primary()).contains("pg-r2");
        assertThat(house.replicas.get("pg", "pg-m1").state()).isEqualTo(ReplicaState.Streaming);
        assertThat(house.replicas.get("pg", "pg-r1").state()).isEqualTo(ReplicaState.Broken);
        assertThat(house.replicas.get("pg", "pg-r1").trouble())
                .get()
                .asString()
                .contains("follow-pg-r1");
        assertThat(listed()).containsExactly("pg-m1");
        house.agent.silence("pg-r1", false);
        assertThat(house.finish(house.replicas.rebuild("pg", "pg-r1")))
                .isEqualTo(OperationState.Succeeded);
        assertThat(listed()).containsExactly("pg-m1", "pg-r1");
    }

    /**
     * D8. Its receiver hung, and it called itself streaming; with preferred durability every commit
     * waited for it. Expected: the primary's word counts, and commits go on alone.
     */
    @Test
    void aReplicaThatOnlyThinksThatItStreamsGatesNobody() {
        beSync("pg-r1");
        house.desk.update("pg", Instances.Change.ofDurability("preferred"), Optional.empty());
        settle();
        assertThat(listed()).containsExactly("pg-r1");

        house.agent.givenUp("pg-r1", true);
        Eventually.within(
                Duration.ofSeconds(30),
                () -> {
                    settle();
                    assertThat(listed()).isEmpty();
                });
        assertThat(house.replicas.get("pg", "pg-r1").state()).isEqualTo(ReplicaState.Syncing);

        house.agent.givenUp("pg-r1", false);
        settle();
        assertThat(listed()).containsExactly("pg-r1");
    }

    /** Expected: the second request is refused with the first one's id, and nothing is touched. */
    @Test
    void aFailoverIsRefusedWhileAReplicaIsBeingAdded() {
        String adding = house.replicas.add("pg", wish("pg-r3", "Async"));

        assertThatThrownBy(() -> failOver("pg-r1"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining(adding);

        assertThat(house.finish(adding)).isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").primary()).contains("pg-m1");
        assertThat(failOver("pg-r3")).as("and then it may").isEqualTo(OperationState.Succeeded);
    }

    /** R1.36. Expected: whatever state it is in, it goes, and the primary keeps no slot for it. */
    @Test
    void aReplicaIsRemovedInWhateverStateItIs() {
        house.agent.lag("pg-r1", 5_000_000);
        house.replicas.update(
                "pg",
                "pg-r1",
                new ReplicaChange(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(1_000L),
                        false,
                        Optional.empty()));
        house.agent.cutOff("pg-r2", true);
        house.agent.failing("CreateReplica", "no room", 9999);
        house.finish(house.replicas.add("pg", wish("pg-r3", "Sync")));
        answers();
        settle();
        assertThat(house.replicas.list("pg"))
                .extracting(one -> one.id() + " " + one.state())
                .containsExactly("pg-r1 Lagging", "pg-r2 Syncing", "pg-r3 Broken");

        for (String replica : List.of("pg-r1", "pg-r2", "pg-r3")) {
            assertThat(house.finish(house.replicas.remove("pg", replica)))
                    .isEqualTo(OperationState.Succeeded);
        }

        assertThat(house.agent.members().keySet()).containsExactly("pg-m1");
        assertThat(house.agent.effects())
                .contains("drop pg_r1 on pg-m1", "drop pg_r2 on pg-m1", "drop pg_r3 on pg-m1");
        assertThat(house.desk.get("pg").replicas()).isEmpty();
    }

    /** Expected: a primary that cannot be heard has no replica destroyed, and says so. */
    @Test
    void aReplicaIsNotRemovedBehindThePrimarysBack() {
        house.agent.silence("pg-m1", true);

        assertThat(house.finish(house.replicas.remove("pg", "pg-r1")))
                .isEqualTo(OperationState.Failed);

        assertThat(house.agent.members()).containsKey("pg-r1");
        house.agent.silence("pg-m1", false);
        settle();
        assertThat(house.finish(house.replicas.remove("pg", "pg-r1")))
                .isEqualTo(OperationState.Succeeded);
        assertThat(house.agent.members()).doesNotContainKey("pg-r1");
    }

    private OperationState failOver(String target) {
        return house.finish(
                house.failovers.start(
                        "pg",
                        new FailoverWish(
                                Optional.of(target),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())));
    }

    private void answers() {
        house.agent.failing("none", "", 0);
    }

    private void beSync(String replica) {
        house.replicas.update(
                "pg",
                replica,
                new ReplicaChange(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Optional.of("Sync")));
    }

    private List<String> listed() {
        return house.catalogue.jdbi().withHandle(handle -> InstanceStore.syncLists(handle, "pg"));
    }

    private boolean unsure() {
        return house.catalogue
                .jdbi()
                .withHandle(handle -> InstanceStore.find(handle, "pg"))
                .orElseThrow()
                .syncUnsure();
    }

    /** What the watch starts is carried out. */
    private void settle() {
        for (int look = 0; look < 4; look++) {
            house.watch.look();
            house.desk.get("pg").operation().ifPresent(house::finish);
            house.clock.advance(Duration.ofSeconds(4));
        }
    }

    private void add(String replica, String mode) {
        assertThat(house.finish(house.replicas.add("pg", wish(replica, mode))))
                .isEqualTo(OperationState.Succeeded);
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
