package dev.toygres.orchestrations.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.durable.OperationState;
import dev.toygres.model.Health;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Refused;
import dev.toygres.orchestrations.House;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The flows of an instance on a real catalogue, with an agent whose troubles are scripted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InstanceFlowsTest {
    private final House house = new House("flows");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void clear() {
        house.clear();
    }

    @Test
    void aCreatedInstanceServesAndIsKnownByItsMember() {
        house.create("pg");

        InstanceView view = house.desk.get("pg");
        assertThat(view.state()).isEqualTo(InstanceState.Running);
        assertThat(view.health()).isEqualTo(Health.Healthy);
        assertThat(view.primary()).contains("pg-m1");
        assertThat(view.endpoint()).isPresent();
        assertThat(view.operation()).isEmpty();
        assertThat(house.agent.effects()).containsExactly("create pg-m1", "open pg for 0 readers");
        assertThat(house.desk.login("pg").password().reveal()).hasSizeGreaterThan(24);
    }

    @Test
    void stopStartAndRestartEndWhereTheySay() {
        house.create("pg");

        assertThat(house.finish(house.desk.stop("pg"))).isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Stopped);
        assertThat(house.finish(house.desk.start("pg"))).isEqualTo(OperationState.Succeeded);
        String restart = house.desk.restart("pg");
        assertThat(house.finish(restart)).isEqualTo(OperationState.Succeeded);

        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
        assertThat(house.operation(restart).result()).get().asString().contains("42");
        assertThat(house.agent.effects())
                .containsExactly(
                        "create pg-m1",
                        "open pg for 0 readers",
                        "stop pg-m1",
                        "start pg-m1",
                        "restart pg-m1");
    }

    @Test
    void aDeletionFreesTheNameLast() {
        house.create("pg");

        String deletion = house.desk.delete("pg");
        assertThatThrownBy(() -> house.desk.create(House.wish("pg")))
                .as("P10: held until the last resource is gone")
                .isInstanceOf(Refused.class)
                .hasMessageContaining("Deleting");
        assertThat(house.finish(deletion)).isEqualTo(OperationState.Succeeded);

        assertThat(house.agent.members()).isEmpty();
        assertThat(house.agent.endpoints()).isEmpty();
        assertThatThrownBy(() -> house.desk.get("pg")).isInstanceOf(Refused.class);
        house.create("pg");
    }

    @Test
    void aDeletionDuringTheCreationCancelsItAndLeavesNothing() {
        CountDownLatch cancelled = new CountDownLatch(1);
        house.agent.keepsBusy("CreateMember", cancelled);
        String creation = house.desk.create(House.wish("pg"));
        Thread creating = Thread.ofVirtual().start(house::tick);

        String deletion = house.desk.delete("pg");
        house.operations.cancel(creation);
        // No engine listens here, so a step that runs already would go on until its time is over.
        cancelled.countDown();
        join(creating);

        assertThat(house.finish(deletion)).isEqualTo(OperationState.Succeeded);
        assertThat(house.operation(creation).state()).isEqualTo(OperationState.Cancelled);
        assertThat(house.agent.members()).isEmpty();
        assertThatThrownBy(() -> house.desk.get("pg")).isInstanceOf(Refused.class);
    }

    /** R6.5: known before anything is made, so that nothing is there to be cleared away. */
    @Test
    void aCreationWhosePostgresCouldNotStartMakesNothing() {
        house.agent.failing("TryMember", "could not map anonymous shared memory", 1);

        String creation =
                house.desk.create(House.wish("pg", Map.of("max_connections", Optional.of("60"))));

        assertThat(house.finish(creation)).isEqualTo(OperationState.Failed);
        assertThat(house.operation(creation).error()).get().asString().contains("shared memory");
        assertThat(house.agent.effects()).noneMatch(effect -> effect.startsWith("create"));
        assertThat(house.agent.members()).isEmpty();
        house.create("pg");
    }

    /** It was said to have succeeded, and nobody was told that a replica was missing. */
    @Test
    void aCreationNamesTheReplicasThatCouldNotBeMade() {
        house.agent.failing("CreateReplica", "no room", 99);

        String creation = house.desk.create(House.wish("pg", 1));

        assertThat(house.finish(creation)).isEqualTo(OperationState.Succeeded);
        assertThat(house.operation(creation).result())
                .get()
                .asString()
                .contains("brokenReplicas")
                .contains("pg-m2");
        house.agent.failing("none", "", 0);
    }

    /** The ninth was found out at the end, and was Broken. */
    @Test
    void moreReplicasThanTheEndpointHasPlacesForAreRefusedBeforehand() {
        assertThatThrownBy(() -> house.desk.create(House.wish("pg", 9)))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("replicas")
                .hasMessageContaining("at most 8, are 9");
        assertThatThrownBy(() -> house.desk.get("pg")).isInstanceOf(Refused.class);
    }

    @Test
    void aFailedCreationKeepsItsEvidenceAndCanBeRetried() {
        for (int i = 0; i < 10; i++) {
            house.agent.troubleAhead(() -> new IllegalStateException("the disk is on fire"));
        }
        String creation = house.desk.create(House.wish("pg"));

        assertThat(house.finish(creation)).isEqualTo(OperationState.Failed);
        InstanceView view = house.desk.get("pg");
        assertThat(view.state()).isEqualTo(InstanceState.Failed);
        assertThat(view.failure()).get().asString().contains("the disk is on fire");
        assertThat(house.operation(creation).error()).get().asString().contains("on fire");

        while (house.operation(creation).state() != OperationState.Succeeded) {
            assertThat(house.operations.retry(creation)).isTrue();
            house.finish(creation);
        }
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
        assertThat(house.desk.get("pg").failure()).isEmpty();
    }

    @Test
    void aFailedCreationCanBeDeleted() {
        for (int i = 0; i < 10; i++) {
            house.agent.troubleAhead(() -> new IllegalStateException("no"));
        }
        house.finish(house.desk.create(House.wish("pg")));
        for (int i = 0; i < 10; i++) {
            house.agent.status();
        }

        assertThat(house.finish(house.desk.delete("pg"))).isEqualTo(OperationState.Succeeded);
        assertThatThrownBy(() -> house.desk.get("pg")).isInstanceOf(Refused.class);
    }

    @Test
    void whileOneOperationIsAtWorkAnotherIsRefusedByName() {
        house.create("pg");
        String restart = house.desk.restart("pg");

        assertThatThrownBy(() -> house.desk.stop("pg"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining(restart);
        assertThat(house.finish(restart)).isEqualTo(OperationState.Succeeded);
    }

    @Test
    void anAgentThatIsAwayIsWaitedFor() {
        house.create("pg");
        house.agent.reachable(false);
        String deletion = house.desk.delete("pg");
        for (int i = 0; i < 10; i++) {
            house.tick();
            house.clock.advance(java.time.Duration.ofSeconds(5));
        }
        assertThat(house.operation(deletion).state().isFinal()).isFalse();

        house.agent.reachable(true);
        assertThat(house.finish(deletion)).isEqualTo(OperationState.Succeeded);
        assertThat(house.agent.members()).isEmpty();
    }

    @Test
    void protectionIsCheckedAgainstTheRevisionThatWasRead() {
        house.create("pg");
        InstanceView read = house.desk.get("pg");

        house.desk.update("pg", protection(true), Optional.of(read.revision()));

        assertThatThrownBy(
                        () ->
                                house.desk.update(
                                        "pg", protection(false), Optional.of(read.revision())))
                .isInstanceOf(Refused.class);
        assertThatThrownBy(() -> house.desk.delete("pg")).hasMessageContaining("protected");
    }

    private static Instances.Change protection(boolean on) {
        return new Instances.Change(
                Optional.of(on), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** D3: nothing brings it back, neither a start nor the watch, but whoever unfences it. */
    @Test
    void aFencedInstanceServesAgainOnlyWhenItIsUnfenced() {
        house.create("kept");

        assertThat(house.finish(house.desk.fence("kept"))).isEqualTo(OperationState.Succeeded);

        assertThat(house.agent.effects()).contains("fence kept-m1");
        assertThat(house.desk.get("kept").state()).isEqualTo(InstanceState.Stopped);
        assertThat(house.desk.get("kept").failure()).get().asString().contains("it is fenced");
        house.watch.look();
        house.watch.look();
        assertThat(house.desk.get("kept").operation()).isEmpty();
        assertThatThrownBy(() -> house.desk.start("kept"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("unfence it");

        assertThat(house.finish(house.desk.unfence("kept"))).isEqualTo(OperationState.Succeeded);

        assertThat(house.agent.effects()).containsSubsequence("fence kept-m1", "unfence kept-m1");
        assertThat(house.desk.get("kept").state()).isEqualTo(InstanceState.Running);
        assertThat(house.desk.get("kept").failure()).isEmpty();
        assertThatThrownBy(() -> house.desk.unfence("kept"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("not fenced");
    }

    @Test
    void aPrimaryThatDoesNotStopInOrderIsFencedByForce() {
        house.create("hung");
        house.agent.failing("FenceMember", "it does not stop", 10);

        assertThat(house.finish(house.desk.fence("hung"))).isEqualTo(OperationState.Succeeded);

        assertThat(house.agent.effects()).contains("kill hung-m1");
        assertThat(house.desk.get("hung").state()).isEqualTo(InstanceState.Stopped);
    }
}
