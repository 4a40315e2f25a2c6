package dev.toygres.orchestrations.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.OperationState;
import dev.toygres.durable.testing.CrashHarness;
import dev.toygres.durable.testing.CrashHarness.Report;
import dev.toygres.model.InstanceState;
import dev.toygres.model.ReplicaState;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.Play;
import dev.toygres.orchestrations.replica.NewReplica;
import dev.toygres.testkit.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** S5: after the point of no return the host of the target dies; it was retried for ever. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TargetLostTest {
    private static final Map<String, Object> GIVE_BACK =
            Map.of("action", "give-back", "acceptSplitBrain", true);
    private final House house = new House("targets_lost");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void anInstanceWithAReplica() {
        house.clear();
        prepare();
    }

    private void prepare() {
        house.clock.advance(Duration.ofMinutes(1));
        house.create("pg");
        NewReplica wish = House.replica("pg-r1", "Async");
        house.finish(house.replicas.add("pg", wish));
        house.watch.look();
    }

    private String failoverThatAsks() {
        house.agent.failing("PromoteMember", "no answer", 9999);
        String operation = house.failovers.start("pg", House.to("pg-r1"));
        house.untilAsked(operation);
        return operation;
    }

    private void targetAnswers() {
        house.agent.failing("none", "", 0);
    }

    private void decide(String operation, Map<String, Object> decision) {
        assertThat(house.operations.decide(operation, decision)).isTrue();
    }

    @Test
    void somebodyIsAskedWithTheFacts() {
        String operation = failoverThatAsks();

        assertThat(house.operation(operation).question().orElseThrow())
                .contains("pg-r1", "pg-m1", "0/5000000", "no answer", "retry", "abandon");

        targetAnswers();
        decide(operation, Map.of("action", "retry"));
        assertThat(house.finish(operation)).isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").primary()).contains("pg-r1");
    }

    @Test
    void whatWasAbandonedCanBeRetriedLater() {
        String operation = failoverThatAsks();
        decide(operation, Map.of("action", "abandon"));
        assertThat(house.finish(operation)).isEqualTo(OperationState.Failed);
        assertThat(house.desk.get("pg").primary()).contains("pg-m1");

        targetAnswers();
        assertThat(house.operations.retry(operation)).isTrue();

        assertThat(house.finish(operation)).isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").primary()).contains("pg-r1");
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
    }

    @Test
    void withoutSomebodysWordTheOldPrimaryStaysStopped() {
        String operation = failoverThatAsks();

        decide(operation, Map.of("action", "give-back"));
        house.untilAsked(operation);

        assertThat(house.agent.effects()).doesNotContain("unfence pg-m1");
    }

    @Test
    void onSomebodysWordTheOldPrimaryServesInATermAboveTheTargets() {
        String operation = failoverThatAsks();
        decide(operation, GIVE_BACK);

        assertThat(house.finish(operation)).isEqualTo(OperationState.Succeeded);

        var instance = house.desk.get("pg");
        assertThat(instance.primary()).contains("pg-m1");
        assertThat(instance.term()).isEqualTo(3);
        assertThat(instance.state()).isEqualTo(InstanceState.Running);
        assertThat(instance.replicas())
                .extracting(one -> one.id() + " " + one.state())
                .containsExactly("pg-r1 " + ReplicaState.Broken);
        house.tick();
        assertThat(house.agent.effects())
                .as("the target is stopped once its host answers")
                .containsSubsequence("fence pg-m1", "unfence pg-m1", "fence pg-r1");

        targetAnswers();
        assertThat(house.finish(house.replicas.rebuild("pg", "pg-r1")))
                .isEqualTo(OperationState.Succeeded);
    }

    /** Whom the target's commits were to wait for had been told to follow it beforehand. */
    @Test
    void whoFollowsTheTargetAlreadyListensToTheOldPrimaryAgain() {
        assertThat(house.finish(house.replicas.add("pg", House.replica("pg-r2", "Sync"))))
                .isEqualTo(OperationState.Succeeded);
        house.watch.look();
        String operation = failoverThatAsks();
        Eventually.until(
                Duration.ofSeconds(20),
                "it is told",
                () -> house.agent.effects().contains("follow pg-r2"));
        assertThat(house.agent.effects())
                .as("and confirms nothing while nobody knows")
                .containsSubsequence("follow pg-r2", "part pg-r2");

        decide(operation, GIVE_BACK);

        assertThat(house.finish(operation)).isEqualTo(OperationState.Succeeded);
        assertThat(house.agent.effects())
                .containsSubsequence("part pg-r2", "unfence pg-m1", "follow pg-r2");
    }

    /** It may have been primary in its own term: what it has is nobody's history. */
    @Test
    void aTargetThatWasToldToPromoteIsNotAttachedAgainByItself() {
        String operation = failoverThatAsks();
        decide(operation, GIVE_BACK);
        assertThat(house.finish(operation)).isEqualTo(OperationState.Succeeded);

        targetAnswers();
        for (int minute = 0; minute < 5; minute++) {
            house.clock.advance(Duration.ofMinutes(1));
            house.watch.look();
            house.desk.get("pg").operation().ifPresent(house::finish);
        }

        assertThat(house.agent.effects()).doesNotContain("rejoin pg-r1");
        assertThat(house.replicas.get("pg", "pg-r1").state()).isEqualTo(ReplicaState.Broken);
    }

    /** The endpoint's host was away when the primary moved; it led to the old one for ever. */
    @Test
    void anEndpointThatMissedTheMoveIsToldWhenItsHostIsBack() {
        house.agent.failing("OpenEndpoint", "away", 8);
        String operation = house.failovers.start("pg", House.to("pg-r1"));
        assertThat(house.finish(operation)).isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").primary()).contains("pg-r1");

        house.clock.advance(Duration.ofMinutes(1));
        house.watch.look();
        house.desk.get("pg").operation().ifPresent(house::finish);

        assertThat(house.agent.effects()).last().asString().startsWith("open pg");
        house.clock.advance(Duration.ofMinutes(1));
        house.watch.look();
        assertThat(house.desk.get("pg").operation()).as("and then it is at peace").isEmpty();
    }

    @Test
    @Tag("harness")
    void itIsGivenBackTheSameWhereverTheServerIsLost() {
        Report report =
                new CrashHarness(
                                () ->
                                        new Play(
                                                        house,
                                                        List.of(
                                                                () ->
                                                                        house.failovers.start(
                                                                                "pg",
                                                                                House.to("pg-r1"))))
                                                .after(
                                                        () -> {
                                                            prepare();
                                                            house.agent.refusing(
                                                                    "PromoteMember", "away");
                                                        })
                                                .whileWaiting(
                                                        id ->
                                                                house.operations.decide(
                                                                        id, GIVE_BACK))
                                                .lingeringOn("StopLostMember")
                                                .onceOver(house.watch::look))
                        .run();

        assertThat(report.writes()).anyMatch(write -> write.contains("reopen-term"));
    }
}
