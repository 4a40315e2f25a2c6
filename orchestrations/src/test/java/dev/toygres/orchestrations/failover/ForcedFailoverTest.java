package dev.toygres.orchestrations.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.Operation;
import dev.toygres.durable.OperationState;
import dev.toygres.model.InstanceState;
import dev.toygres.model.ReplicaState;
import dev.toygres.model.health.Decision;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.instance.Instances;
import dev.toygres.orchestrations.replica.NewReplica;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberStore;
import dev.toygres.testkit.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** D7, S5: without proof, or with data at risk, somebody is asked, and one call forces it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForcedFailoverTest {
    private static final Map<String, Object> FORCE =
            Map.of("action", "force", "acceptDataLossBytes", 0, "acceptSplitBrain", true);

    private final House house = new House("forced");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void anInstanceWithASyncAndAnAsyncReplica() {
        house.clear();
        house.joinHost("host-2");
        house.joinHost("host-3");
        house.clock.advance(Duration.ofHours(2));
        house.watch.look();
        house.create("pg");
        // Nothing is promoted on an expiry then, so a lost host always asks.
        house.desk.update("pg", Instances.Change.ofIsolationPolicy("Serve"), Optional.empty());
        add("pg-r1", "Sync");
        add("pg-r2", "Async");
        house.leaseTtl("pg", Duration.ofSeconds(1));
        look();
    }

    private void add(String replica, String mode) {
        NewReplica wish = House.replica(replica, mode);
        assertThat(house.finish(house.replicas.add("pg", wish)))
                .isEqualTo(OperationState.Succeeded);
    }

    private void look() {
        house.watch.look();
        house.watchHealth();
    }

    private String hostOf(String member) {
        return house.catalogue
                .jdbi()
                .withHandle(handle -> MemberStore.find(handle, member))
                .orElseThrow()
                .hostId();
    }

    private Optional<Operation> last(String type) {
        return house
                .operations
                .list(Optional.of("pg"), Optional.of(type), Optional.empty(), 1, Optional.empty())
                .stream()
                .findFirst();
    }

    private List<String> alerts(String kind) {
        return house.catalogue
                .jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery(
                                                "select message from catalogue.alert where kind ="
                                                        + " :kind and resolved_at is null")
                                        .bind("kind", kind)
                                        .mapTo(String.class)
                                        .list());
    }

    /** The host of the primary is silent, and nothing proves that it is fenced. */
    private String asked() {
        house.away(hostOf("pg-m1"), true);
        Eventually.until(
                Duration.ofSeconds(20),
                "somebody is asked",
                () -> {
                    look();
                    house.tick();
                    return last("AskForFailover")
                            .filter(one -> one.state() == OperationState.NeedsDecision)
                            .isPresent();
                });
        return last("AskForFailover").orElseThrow().id();
    }

    @Test
    void anUnreachablePrimaryIsAskedAboutOnceAndForcedByOneCall() {
        String question = asked();
        assertThat(house.operation(question).question().orElseThrow())
                .contains("pg-r1", "pg-r2", "bytesAtRisk", "acceptSplitBrain");
        // Told by the watch after it has asked, in its own time.
        Eventually.within(
                Duration.ofSeconds(20),
                () ->
                        assertThat(alerts("NoAutomaticFailover"))
                                .singleElement()
                                .asString()
                                .contains(question));
        assertThat(house.desk.get("pg").state())
                .as("nothing has been touched")
                .isEqualTo(InstanceState.Running);
        look();
        assertThat(last("AskForFailover")).get().extracting(Operation::id).isEqualTo(question);

        house.operations.decide(question, Map.of("action", "force", "acceptDataLossBytes", 0));
        house.untilAsked(question);
        assertThat(house.operation(question).question().orElseThrow())
                .contains("acceptSplitBrain must be true");
        assertThat(last("AutomaticFailover")).isEmpty();

        // So it is, though nobody can know.
        house.agent.die("pg-m1");
        house.operations.decide(question, FORCE);
        assertThat(house.finish(question)).isEqualTo(OperationState.Succeeded);
        String failover = last("AutomaticFailover").orElseThrow().id();
        assertThat(house.operation(question).result().orElseThrow()).contains(failover);
        assertThat(house.finish(failover)).isEqualTo(OperationState.Succeeded);

        assertThat(house.desk.get("pg").primary()).contains("pg-r1");
        FailoverView account = house.failovers.get("pg", failover);
        assertThat(account.cause()).isEqualTo("forced");
        assertThat(account.proof()).get().asString().contains("may be two primaries");
        assertThat(house.agent.effects()).doesNotContain("kill pg-m1");
    }

    @Test
    void theQuestionIsWithdrawnWhenThePrimaryIsBack() {
        String question = asked();

        house.away(hostOf("pg-m1"), false);
        look();

        assertThat(house.finish(question)).isEqualTo(OperationState.Cancelled);
        assertThat(alerts("NoAutomaticFailover")).as("resolved").isEmpty();
        assertThat(house.desk.get("pg").primary()).contains("pg-m1");
    }

    /**
     * The former one, which was still being withdrawn, was taken for this one: nobody was asked.
     */
    @Test
    void aQuestionThatIsBeingWithdrawnDoesNotStandForTheNextOne() {
        String former = asked();
        house.away(hostOf("pg-m1"), false);
        look();
        assertThat(house.operation(former).cancelRequested()).isTrue();

        house.away(hostOf("pg-m1"), true);
        Eventually.until(
                Duration.ofSeconds(20),
                "it is seen that there is something to ask",
                () -> {
                    look();
                    return house.monitors.status("pg").now() instanceof Decision.Ask;
                });
        look();
        Eventually.until(
                Duration.ofSeconds(20),
                "somebody is asked anew",
                () -> {
                    look();
                    house.tick();
                    return house.lanes.question("pg").filter(id -> !id.equals(former)).isPresent();
                });
    }

    /** Its answer would be about whoever bears the name next. */
    @Test
    void theQuestionGoesWithItsInstance() {
        String question = asked();

        house.away(hostOf("pg-m1"), false);
        house.watch.look();
        assertThat(house.finish(house.desk.delete("pg"))).isEqualTo(OperationState.Succeeded);
        look();

        assertThat(house.finish(question)).isEqualTo(OperationState.Cancelled);
    }

    @Test
    void whoSaysNoIsNotAskedAgainAboutTheSame() {
        String question = asked();

        house.operations.decide(question, Map.of("action", "abandon"));
        assertThat(house.finish(question)).isEqualTo(OperationState.Succeeded);
        look();
        look();

        assertThat(last("AskForFailover")).get().extracting(Operation::id).isEqualTo(question);
        assertThat(alerts("NoAutomaticFailover")).as("and it is still wrong").hasSize(1);
    }

    /** The primary is dead for good, its disk too, and so is the one who gated its commits. */
    private String askedAboutData() {
        house.agent.mute("pg-r1", true);
        house.agent.walEnds("unreadable");
        house.agent.die("pg-m1", house.monitors.config("pg").restartTimeout());
        look();
        String failover = last("AutomaticFailover").orElseThrow().id();
        house.untilAsked(failover);
        return failover;
    }

    @Test
    void whatASyncReplicaAcknowledgedIsGivenUpByNobodyButWhoAnswersForIt() {
        house.agent.hasReceived("pg-r2", "0/4FFFF00");
        String failover = askedAboutData();
        assertThat(house.operation(failover).question().orElseThrow())
                .contains("\"id\": \"pg-r2\"", "256", "\"silent\": [\"pg-r1\"]")
                .doesNotContain("\"id\": \"pg-r1\"");
        assertThat(house.agent.effects()).doesNotContain("promote pg-r2");

        house.operations.decide(failover, FORCE);
        house.untilAsked(failover);
        assertThat(house.operation(failover).question().orElseThrow())
                .contains("acceptDataLossBytes must be at least 256 for pg-r2");

        house.operations.decide(failover, Map.of("action", "force", "acceptDataLossBytes", 256));
        assertThat(house.finish(failover)).isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").primary()).contains("pg-r2");
        assertThat(house.failovers.get("pg", failover).proof())
                .get()
                .asString()
                .contains("lacks 256 bytes");
    }

    /**
     * S7: one of the lists that may be in force is empty, so nobody may have waited for anybody.
     */
    @Test
    void whereCommitsMayHaveWaitedForNobodyAllThatAnsweredIsNotEverything() {
        house.catalogue
                .jdbi()
                .useHandle(handle -> InstanceStore.planSync(handle, "pg", 1, List.of()));
        house.agent.walEnds("unreadable");
        house.agent.die("pg-m1", house.monitors.config("pg").restartTimeout());
        look();
        String failover = last("AutomaticFailover").orElseThrow().id();

        house.untilAsked(failover);

        assertThat(house.operation(failover).question().orElseThrow()).contains("pg-r1", "pg-r2");
        assertThat(house.agent.effects()).doesNotContain("promote pg-r1", "promote pg-r2");
    }

    /**
     * It would have confirmed commits of the new primary up to where it was itself, without having
     * them.
     */
    @Test
    void whoHasMoreThanTheOneWhoTakesOverIsRewoundBeforeItFollows() {
        house.catalogue
                .jdbi()
                .useHandle(handle -> InstanceStore.planSync(handle, "pg", 1, List.of()));
        house.agent.hasReceived("pg-r2", "0/4FFFF00");
        house.agent.walEnds("unreadable");
        house.agent.die("pg-m1", house.monitors.config("pg").restartTimeout());
        look();
        String failover = last("AutomaticFailover").orElseThrow().id();
        house.untilAsked(failover);

        house.operations.decide(
                failover,
                Map.of("action", "force", "candidate", "pg-r2", "acceptDataLossBytes", 256));

        assertThat(house.finish(failover)).isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").primary()).contains("pg-r2");
        assertThat(house.agent.effects()).doesNotContain("follow pg-r1");
        assertThat(house.replicas.get("pg", "pg-r1").state()).isEqualTo(ReplicaState.Broken);
        house.clock.advance(Duration.ofMinutes(1));
        Eventually.until(
                Duration.ofSeconds(20),
                "it is rewound",
                () -> {
                    look();
                    house.desk.get("pg").operation().ifPresent(house::finish);
                    return last("RejoinReplica")
                            .filter(one -> one.state() == OperationState.Succeeded)
                            .isPresent();
                });
        look();
        assertThat(house.replicas.get("pg", "pg-r1").state()).isEqualTo(ReplicaState.Streaming);
    }

    @Test
    void aSyncReplicaThatAnswersAfterAllNeedsNobodysWord() {
        String failover = askedAboutData();

        house.agent.mute("pg-r1", false);
        house.operations.decide(failover, Map.of("action", "retry"));

        assertThat(house.finish(failover)).isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").primary()).contains("pg-r1");
        assertThat(house.failovers.get("pg", failover).dataLossBytes()).contains(0L);
    }

    @Test
    void whoAbandonsGetsTheOldPrimaryBack() {
        String failover = askedAboutData();

        house.operations.decide(failover, Map.of("action", "abandon"));

        assertThat(house.finish(failover)).isEqualTo(OperationState.Failed);
        assertThat(house.agent.effects())
                .containsSubsequence("kill pg-m1", "unfence pg-m1")
                .doesNotContain("promote pg-r1", "promote pg-r2");
        assertThat(house.desk.get("pg").primary()).contains("pg-m1");
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
    }

    /** Longer than a lost packet takes. */
    private void awayForGood() {
        house.away(hostOf("pg-m1"), true);
        look();
        long since = System.nanoTime();
        Duration lost = Duration.ofMillis(2_100);
        Eventually.until(
                Duration.ofSeconds(20),
                "nobody waits for it any more",
                () -> System.nanoTime() - since > lost.toNanos());
    }

    /** It waited for a dead host, and what was left of the term let no failover begin any more. */
    @Test
    void anUndoDoesNotWaitForAHostThatHasDiedMeanwhile() {
        String failover = askedAboutData();
        long opened = house.desk.get("pg").term();
        awayForGood();

        house.operations.decide(failover, Map.of("action", "abandon"));

        assertThat(house.finish(failover)).isEqualTo(OperationState.Failed);
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
        assertThat(house.desk.get("pg").term())
                .as("S1: settled by opening the next one")
                .isEqualTo(opened + 1);
        assertThat(house.agent.effects()).doesNotContain("unfence pg-m1");

        // Its disk has come back with its host, and it takes the term up.
        house.away(hostOf("pg-m1"), false);
        Eventually.until(
                Duration.ofSeconds(20),
                "it serves again",
                () -> {
                    house.watch.look();
                    house.tick();
                    return house.agent.effects().contains("unfence pg-m1")
                            && house.desk.get("pg").operation().isEmpty();
                });
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
        assertThat(house.desk.get("pg").primary()).contains("pg-m1");
    }

    @Test
    void afterAnUndoThatLeftItsTermTheNextFailoverGoesOnFromThere() {
        String failover = askedAboutData();
        awayForGood();
        house.operations.decide(failover, Map.of("action", "abandon"));
        assertThat(house.finish(failover)).isEqualTo(OperationState.Failed);
        long left = house.desk.get("pg").term();
        house.agent.mute("pg-r1", false);

        house.clock.advance(Duration.ofHours(2));
        String question = asked();
        house.operations.decide(question, FORCE);
        assertThat(house.finish(question)).isEqualTo(OperationState.Succeeded);
        assertThat(house.finish(last("AutomaticFailover").orElseThrow().id()))
                .isEqualTo(OperationState.Succeeded);

        assertThat(house.desk.get("pg").primary()).contains("pg-r2");
        assertThat(house.desk.get("pg").term()).isEqualTo(left + 1);
    }
}
