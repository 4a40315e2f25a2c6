package dev.toygres.orchestrations.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.agentapi.OrderResult.Tail;
import dev.toygres.durable.OperationState;
import dev.toygres.model.AlertSeverity;
import dev.toygres.model.FailoverState;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Refused;
import dev.toygres.model.ReplicaState;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.alert.AlertDesk;
import dev.toygres.orchestrations.instance.Instances;
import dev.toygres.orchestrations.replica.NewReplica;
import dev.toygres.orchestrations.replica.ReplicaChange;
import dev.toygres.store.AlertStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Replicas and failovers on a real catalogue, with an agent whose troubles are scripted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailoverFlowsTest {
    private final House house = new House("failovers");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void anInstanceWithTwoReplicas() {
        house.clear();
        house.clock.advance(java.time.Duration.ofMinutes(1));
        house.create("pg");
        add("pg-r1", "Async");
        add("pg-r2", "Async");
        house.watch.look();
    }

    private void add(String replica, String mode) {
        NewReplica wish = House.replica(replica, mode);
        assertThat(house.finish(house.replicas.add("pg", wish)))
                .isEqualTo(OperationState.Succeeded);
    }

    @Test
    void anAddedReplicaStreamsServesReadsAndIsShown() {
        assertThat(house.desk.get("pg").replicas())
                .extracting(one -> one.id() + " " + one.state())
                .containsExactly("pg-r1 Streaming", "pg-r2 Streaming");
        assertThat(house.agent.effects())
                .containsSequence("slot pg_r1 on pg-m1", "clone pg-r1", "open pg for 1 readers")
                .endsWith("open pg for 2 readers");
        assertThat(house.desk.get("pg").failoverRisk())
                .get()
                .extracting(risk -> risk.candidate().orElse(""))
                .isEqualTo("pg-r1");
    }

    @Test
    void aSyncReplicaGatesCommitsOnlyAfterItStreamsAndLeavesTheListFirst() {
        add("pg-s1", "Sync");
        assertThat(house.agent.effects())
                .containsSequence("clone pg-s1", "pg-m1 waits for [pg-s1]");

        assertThat(house.finish(house.replicas.remove("pg", "pg-s1")))
                .isEqualTo(OperationState.Succeeded);
        assertThat(house.agent.effects())
                .as("S9")
                .containsSubsequence("pg-m1 waits for []", "destroy pg-s1", "drop pg_s1 on pg-m1");
        assertThat(house.desk.get("pg").replicas()).hasSize(2);
    }

    @Test
    void aFailoverFencesBeforeItPromotesAndMovesEverything() {
        String operation = house.failovers.start("pg", House.to("pg-r2"));

        assertThat(house.finish(operation)).isEqualTo(OperationState.Succeeded);
        assertThat(house.agent.effects())
                .containsSubsequence(
                        "hold pg",
                        "fence pg-m1",
                        "promote pg-r2",
                        "open pg for 0 readers",
                        "rejoin pg-m1",
                        "drop pg_r2 on pg-m1",
                        "slot pg_r1 on pg-r2",
                        "follow pg-r1");
        var instance = house.desk.get("pg");
        assertThat(instance.state()).isEqualTo(InstanceState.Running);
        assertThat(instance.primary()).contains("pg-r2");
        assertThat(instance.term()).isEqualTo(2);
        assertThat(instance.replicas())
                .extracting(one -> one.id())
                .containsExactly("pg-m1", "pg-r1");
        FailoverView account = house.failovers.get("pg", operation);
        assertThat(account.state()).isEqualTo(FailoverState.Completed);
        assertThat(account.oldPrimaryId()).isEqualTo("pg-m1");
        assertThat(account.newPrimaryId()).isEqualTo("pg-r2");
        assertThat(account.dataLossBytes()).contains(0L);
        assertThat(account.proof()).get().asString().contains("confirmed");
        assertThat(told())
                .as("R2.32, R3.53, R3.54: before, during and after")
                .containsExactly("FailoverStarted", "FailoverPromoted", "FailoverCompleted");

        assertThat(house.finish(house.failovers.start("pg", House.to("pg-m1"))))
                .as("failback is the same call")
                .isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").term()).isEqualTo(3);
    }

    @Test
    void whatFailsBeforeThePromotionIsUndoneAndTheOldPrimaryServes() {
        house.agent.failing("AwaitPosition", "the target is gone", 100);
        FailoverWish wish =
                new FailoverWish(
                        Optional.of("pg-r1"),
                        Optional.of(false),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        String operation = house.failovers.start("pg", wish);

        assertThat(house.finish(operation)).isEqualTo(OperationState.Failed);
        assertThat(house.agent.effects())
                .containsSubsequence("fence pg-m1", "unfence pg-m1", "open pg for 2 readers")
                .doesNotContain("promote pg-r1");
        var instance = house.desk.get("pg");
        assertThat(instance.primary()).contains("pg-m1");
        assertThat(instance.state()).isEqualTo(InstanceState.Running);
        assertThat(instance.term()).as("the one after that came to nothing: S1").isEqualTo(3);
        assertThat(house.failovers.get("pg", operation).state()).isEqualTo(FailoverState.Failed);
        assertThat(told()).containsExactly("FailoverStarted", "FailoverFailed");
        assertThat(house.failovers.get("pg", operation).reason())
                .get()
                .asString()
                .contains("the target is gone");

        house.agent.failing("AwaitPosition", "", 0);
        assertThat(house.finish(house.failovers.start("pg", House.to("pg-r1"))))
                .isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").term()).isEqualTo(4);
    }

    @Test
    void aTargetThatCannotIsRefusedBeforeThePrimaryIsTouched() {
        house.agent.cutOff("pg-r1", true);
        house.watch.look();
        house.finish(house.desk.get("pg").operation().orElseThrow());
        int before = house.agent.effects().size();

        assertThatThrownBy(() -> house.failovers.start("pg", House.to("pg-r1")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("Syncing");
        assertThatThrownBy(() -> house.failovers.start("pg", House.to("nobody")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("nobody");
        assertThatThrownBy(() -> house.failovers.start("pg", House.to("pg-m1")))
                .hasMessageContaining("primary already");
        assertThat(house.agent.effects()).hasSize(before);
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
    }

    /** Right after a restart of the primary no replica streams yet: that is over in a moment. */
    @Test
    void aFailoverAskedForWhileTheReplicasReconnectWaitsForThem() throws Exception {
        house.agent.cutOff("pg-r1", true);
        house.watch.look();
        house.finish(house.desk.get("pg").operation().orElseThrow());

        var asked =
                CompletableFuture.supplyAsync(() -> house.failovers.start("pg", House.to("pg-r1")));
        assertThatThrownBy(() -> asked.get(200, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        house.agent.cutOff("pg-r1", false);
        house.watch.look();

        assertThat(house.finish(asked.get())).isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").primary()).contains("pg-r1");
    }

    /** Restarted a moment ago, it has not been asked since for where it is. */
    @Test
    void aPrimaryThatDoesNotSayWhereItIsIsAskedAgain() {
        String failover = house.failovers.start("pg", House.to("pg-r1"));
        house.agent.wordless("pg-m1", 3);

        assertThat(house.finish(failover)).isEqualTo(OperationState.Succeeded);
    }

    /** S1: the term that was opened is another's, which a catalogue from a backup has forgotten. */
    @Test
    void anUndoLetsNobodyWriteInATermThatIsAnothers() {
        house.agent.failing("AwaitPosition", "the target is gone", 100);
        FailoverWish wish =
                new FailoverWish(
                        Optional.of("pg-r1"),
                        Optional.of(false),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        String failover = house.failovers.start("pg", wish);
        house.agent.isPrimary("pg-r2", 2);

        house.untilAsked(failover);

        assertThat(house.operation(failover).question().orElseThrow())
                .contains("pg-r2 is primary in term 2");
        assertThat(house.agent.effects()).contains("fence pg-m1").doesNotContain("unfence pg-m1");
    }

    /** S8: nobody would look for it otherwise. */
    @Test
    void whatAFormerPrimaryAloneHadIsTold() {
        Instant then = Instant.parse("2026-01-01T03:00:00Z");
        house.agent.diverged(
                new Tail(
                        "/kept/here",
                        "0/5000000",
                        "0/5000100",
                        256,
                        2,
                        Optional.of(then),
                        Optional.of(then.plusSeconds(1)),
                        Optional.empty()));

        assertThat(house.finish(house.failovers.start("pg", House.to("pg-r1"))))
                .isEqualTo(OperationState.Succeeded);

        assertThat(alerts())
                .filteredOn(one -> one.kind().equals("TailKept"))
                .singleElement()
                .extracting(AlertStore.Row::message)
                .asString()
                .contains("pg-m1", "2 transactions", "2026-01-01T03:00:01Z", "/kept/here");

        AlertStore.Row lost =
                alerts().stream().filter(one -> one.kind().equals("TailKept")).findFirst().get();
        assertThat(lost.resolvedAt()).as("until somebody has taken note").isEmpty();
        new AlertDesk(house.catalogue).acknowledge(String.valueOf(lost.id()), "somebody");
        assertThat(alerts())
                .filteredOn(one -> one.id() == lost.id())
                .allMatch(one -> one.resolvedAt().isPresent());
    }

    /** It was copied over, and nobody heard of it. */
    @Test
    void aFormerPrimaryWhoseWalCannotBeReadIsToldOfAsUrgently() {
        house.agent.diverged(
                new Tail(
                        "/kept/here",
                        "not known",
                        "not known",
                        4096,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("the last checkpoint is not found")));

        assertThat(house.finish(house.failovers.start("pg", House.to("pg-r1"))))
                .isEqualTo(OperationState.Succeeded);

        assertThat(alerts())
                .filteredOn(one -> one.kind().equals("TailKept"))
                .singleElement()
                .satisfies(
                        one -> {
                            assertThat(one.severity()).isEqualTo(AlertSeverity.Critical);
                            assertThat(one.message())
                                    .contains("the last checkpoint is not found", "/kept/here");
                        });
    }

    @Test
    void ofTwoFailoversAtOnceOneIsRefused() {
        String first = house.failovers.start("pg", House.to("pg-r1"));

        assertThatThrownBy(() -> house.failovers.start("pg", House.to("pg-r2")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining(first);
        assertThat(house.finish(first)).isEqualTo(OperationState.Succeeded);
    }

    @Test
    void aDryRunSaysWhoAndChangesNothing() {
        int before = house.agent.effects().size();

        FailoverPlan plan = house.failovers.plan("pg", best());

        assertThat(plan.possible()).isTrue();
        assertThat(plan.target()).contains("pg-r1");
        assertThat(plan.bytesAtRisk()).contains(0L);
        assertThat(house.agent.effects()).hasSize(before);
    }

    @Test
    void aReplicaThatLostItsPrimaryServesNoReadsUntilItIsBack() {
        house.agent.cutOff("pg-r1", true);
        house.watch.look();
        house.finish(house.desk.get("pg").operation().orElseThrow());
        assertThat(house.agent.effects()).endsWith("open pg for 1 readers");
        assertThat(house.replicas.get("pg", "pg-r1").state()).isEqualTo(ReplicaState.Syncing);

        house.agent.cutOff("pg-r1", false);
        house.clock.advance(java.time.Duration.ofSeconds(5));
        house.watch.look();
        house.finish(house.desk.get("pg").operation().orElseThrow());
        assertThat(house.agent.effects()).endsWith("open pg for 2 readers");
    }

    /**
     * The undo moved the instance to Running, which a deletion does not allow, and tried for ever.
     */
    @Test
    void aDeletionDuringAFailoverEndsBoth() {
        house.agent.failing("AwaitPosition", "not yet", 9999);
        String failover = house.failovers.start("pg", House.to("pg-r1"));

        String deletion = house.desk.delete("pg");

        assertThat(house.finish(deletion)).isEqualTo(OperationState.Succeeded);
        assertThat(house.operation(failover).state().isFinal()).isTrue();
        assertThat(house.agent.members()).isEmpty();
    }

    @Test
    void aFailedFailoverThatIsRetriedTellsOfItsSuccess() {
        house.agent.failing("AwaitPosition", "not yet", 1);
        String failover = house.failovers.start("pg", House.to("pg-r1"));
        assertThat(house.finish(failover)).isEqualTo(OperationState.Failed);

        assertThat(house.operations.retry(failover)).isTrue();

        assertThat(house.finish(failover)).isEqualTo(OperationState.Succeeded);
        assertThat(house.failovers.get("pg", failover).state()).isEqualTo(FailoverState.Completed);
        assertThat(house.desk.get("pg").primary()).contains("pg-r1");
    }

    /** A user's command was refused because the watch was settling something just then. */
    @Test
    void housekeepingDoesNotGetInAUsersWay() {
        house.agent.cutOff("pg-r1", true);
        house.watch.look();
        String settling = house.desk.get("pg").operation().orElseThrow();
        Thread engine = Thread.ofVirtual().start(() -> house.finish(settling));

        String failover = house.failovers.start("pg", House.to("pg-r2"));

        assertThat(house.finish(failover)).isEqualTo(OperationState.Succeeded);
        assertThat(house.operation(settling).state()).isEqualTo(OperationState.Succeeded);
        join(engine);
    }

    @Test
    void anInstanceIsDeletedWithItsReplicas() {
        assertThat(house.finish(house.desk.delete("pg"))).isEqualTo(OperationState.Succeeded);

        assertThat(house.agent.members()).isEmpty();
        assertThat(house.desk.list(10, Optional.empty())).isEqualTo(List.of());
    }

    @Test
    void aReplicaBecomesSyncAndAsyncAgainWhileItRuns() {
        change("pg-r1", Optional.of("Sync"), false);
        settle();
        assertThat(house.agent.effects()).endsWith("pg-m1 waits for [pg-r1]");

        change("pg-r1", Optional.of("Async"), false);
        settle();
        assertThat(house.agent.effects()).endsWith("pg-m1 waits for []");
    }

    /** S9: else every commit would wait from then on. */
    @Test
    void aReplicaThatDoesNotStreamDoesNotBecomeSync() {
        house.agent.cutOff("pg-r1", true);
        house.watch.look();

        assertThatThrownBy(() -> change("pg-r1", Optional.of("Sync"), false))
                .hasMessageContaining("only while it streams");
        assertThatThrownBy(() -> change("pg-r2", Optional.of("Both"), false))
                .hasMessageContaining("replicationMode must be one of");
    }

    @Test
    void aBoundOnTheLagComesAndGoes() {
        house.replicas.update(
                "pg",
                "pg-r1",
                new ReplicaChange(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(5L),
                        false,
                        Optional.empty()));
        assertThat(house.replicas.get("pg", "pg-r1").maxLagBytes()).contains(5L);

        change("pg-r1", Optional.empty(), true);
        assertThat(house.replicas.get("pg", "pg-r1").maxLagBytes()).isEmpty();
    }

    @Test
    void commitsThatWaitForNobodyGoOnOnceDurabilityIsPreferred() {
        change("pg-r1", Optional.of("Sync"), false);
        settle();
        house.agent.cutOff("pg-r1", true);
        settle();
        assertThat(house.agent.effects()).as("D8 strict").doesNotContain("pg-m1 waits for []");

        house.desk.update("pg", Instances.Change.ofDurability("preferred"), Optional.empty());
        settle();
        assertThat(house.agent.effects()).contains("pg-m1 waits for []");
        assertThatThrownBy(
                        () ->
                                house.desk.update(
                                        "pg",
                                        Instances.Change.ofDurability("much"),
                                        Optional.empty()))
                .hasMessageContaining("strict or preferred");
    }

    @Test
    void anUnknownInstanceHasNoListOfFailovers() {
        assertThatThrownBy(() -> house.failovers.list("nobody", 10, Optional.empty()))
                .hasMessageContaining("there is no instance nobody");
        assertThat(house.failovers.list("pg", 10, Optional.empty())).isEmpty();
    }

    @Test
    void everyMemberSaysWhereItListens() {
        assertThat(house.desk.get("pg").members())
                .extracting(one -> one.id() + " " + one.role() + " " + one.port())
                .containsExactly("pg-m1 primary 5555", "pg-r1 replica 5555", "pg-r2 replica 5555");
    }

    private void change(String replica, Optional<String> mode, boolean unbounded) {
        house.replicas.update(
                "pg",
                replica,
                new ReplicaChange(
                        Optional.empty(), Optional.empty(), Optional.empty(), unbounded, mode));
    }

    /** What the watch starts is carried out. */
    private void settle() {
        for (int look = 0; look < 5; look++) {
            house.watch.look();
            house.desk.get("pg").operation().ifPresent(house::finish);
            house.clock.advance(java.time.Duration.ofSeconds(4));
        }
    }

    private List<AlertStore.Row> alerts() {
        return house.catalogue
                .jdbi()
                .withHandle(
                        handle ->
                                AlertStore.list(
                                        handle, AlertStore.Filter.NONE, 10, Optional.empty()));
    }

    private List<String> told() {
        return alerts().reversed().stream().map(AlertStore.Row::kind).toList();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** R2.46: it was never seen. */
    @Test
    void aFailoverIsSeenPromotingItsReplica() {
        house.agent.failing("PromoteMember", "not yet", 3);
        String operation = house.failovers.start("pg", House.to("pg-r1"));

        house.tick();

        assertThat(house.failovers.get("pg", operation).state())
                .isEqualTo(FailoverState.PromotingReplica);
        assertThat(house.finish(operation)).isEqualTo(OperationState.Succeeded);
    }

    @Test
    void aTargetThatIsTooFarBehindIsRefusedWhereNobodyWaitsForIt() {
        house.replicas.update(
                "pg",
                "pg-r1",
                new ReplicaChange(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(1_000L),
                        false,
                        Optional.empty()));
        house.agent.lag("pg-r1", 5_000);
        house.watch.look();
        FailoverWish hasty =
                new FailoverWish(
                        Optional.of("pg-r1"),
                        Optional.of(false),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());

        assertThat(house.failovers.plan("pg", hasty).reasons())
                .singleElement()
                .asString()
                .contains("more than its maxLagBytes");
        assertThat(house.failovers.plan("pg", House.to("pg-r1")).possible()).isTrue();
    }

    @Test
    void aDryRunTellsWhomItWouldCutOff() {
        WouldBeCut cut = house.failovers.plan("pg", House.to("pg-r1")).cut().orElseThrow();

        assertThat(cut.sessions()).isEqualTo(7);
        assertThat(cut.idleInTransaction()).isEqualTo(1);
        assertThat(cut.longTransactions()).as("open for longer than it would wait").isEqualTo(1);
        assertThat(cut.transactions()).hasSize(2);
    }

    private static FailoverWish best() {
        return new FailoverWish(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
