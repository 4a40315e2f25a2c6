package dev.toygres.orchestrations.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.durable.Operation;
import dev.toygres.durable.OperationState;
import dev.toygres.model.FailoverState;
import dev.toygres.model.Health;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Refused;
import dev.toygres.model.ReplicaState;
import dev.toygres.model.health.HealthMonitorConfig;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.replica.Copy;
import dev.toygres.orchestrations.replica.NewReplica;
import dev.toygres.orchestrations.replica.ReplicaChange;
import dev.toygres.store.HealthStore;
import dev.toygres.store.HealthStore.Watcher;
import dev.toygres.store.HostRow;
import dev.toygres.store.HostStore;
import dev.toygres.store.InstanceStore;
import dev.toygres.testkit.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The watch and the failovers that it begins, on a real catalogue, with a scripted agent. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AutomaticFailoverTest {
    private final House house = new House("automatic");

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
        NewReplica wish = House.replica(replica, "Async");
        assertThat(house.finish(house.replicas.add("pg", wish)))
                .isEqualTo(OperationState.Succeeded);
    }

    private void look() {
        house.watch.look();
        house.watchHealth();
    }

    private Optional<Operation> begun() {
        return house
                .operations
                .list(
                        Optional.of("pg"),
                        Optional.of("AutomaticFailover"),
                        Optional.empty(),
                        1,
                        Optional.empty())
                .stream()
                .findFirst();
    }

    private List<String> decisions() {
        return house
                .catalogue
                .jdbi()
                .withHandle(handle -> HealthStore.decisions(handle, "pg", 50))
                .stream()
                .map(HealthStore.DecisionRow::kind)
                .toList();
    }

    private List<String> openAlerts() {
        return house.catalogue
                .jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery(
                                                "select kind from catalogue.alert where resolved_at is null")
                                        .mapTo(String.class)
                                        .list());
    }

    @Test
    void aKilledPrimaryIsFailedOverByItselfAndNothingIsLost() {
        house.agent.hasReceived("pg-r1", "0/4000000");
        house.agent.hasReceived("pg-r2", "0/4F00000");
        house.agent.walEnds("0/5000000");
        look();

        house.agent.die("pg-m1");
        look();
        Operation failover = begun().orElseThrow();

        assertThat(house.finish(failover.id())).isEqualTo(OperationState.Succeeded);
        assertThat(house.agent.effects())
                .as("fenced, parted and held before anything is added; added before promoted")
                .containsSubsequence(
                        "append to pg-r2 from 0/4F00000",
                        "promote pg-r2",
                        "open pg for 0 readers",
                        "follow pg-r1",
                        "rejoin pg-m1")
                .contains("hold pg", "kill pg-m1", "part pg-r1", "part pg-r2")
                .doesNotContain("fence pg-m1", "start pg-m1");
        var instance = house.desk.get("pg");
        assertThat(instance.state()).isEqualTo(InstanceState.Running);
        assertThat(instance.primary()).contains("pg-r2");
        assertThat(instance.term()).isEqualTo(2);
        var account = house.failovers.get("pg", failover.id());
        assertThat(account.state()).isEqualTo(FailoverState.Completed);
        assertThat(account.cause()).isEqualTo("automatic");
        assertThat(account.reason()).get().asString().contains("killed by signal 9");
        assertThat(account.dataLossBytes()).as("S8").contains(0L);
        assertThat(account.proof())
                .get()
                .asString()
                .contains("no process of its data directory is left")
                .contains("1048576 bytes of it came from its disk");
    }

    private void makeSync(String replica) {
        ReplicaChange change =
                new ReplicaChange(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Optional.of("Sync"));
        house.replicas.update("pg", replica, change);
        settle();
        assertThat(gates()).containsExactly(replica);
    }

    /** What the watch finds to do is done. */
    private void settle() {
        for (int turn = 0; turn < 3; turn++) {
            house.clock.advance(Duration.ofSeconds(10));
            look();
            house.desk.get("pg").operation().ifPresent(house::finish);
        }
    }

    private List<String> modes() {
        return house.replicas.list("pg").stream()
                .map(one -> one.id() + " " + one.mode())
                .sorted()
                .toList();
    }

    private List<String> gates() {
        return house.catalogue
                .jdbi()
                .withHandle(handle -> InstanceStore.find(handle, "pg").orElseThrow().syncNames());
    }

    /**
     * D8: every commit waited for the host that had died; and then, when the list was settled, was
     * acknowledged by one host alone.
     */
    @Test
    void theLastSyncReplicaThatTakesOverLeavesItsPlaceToAnotherThatIsThere() {
        makeSync("pg-r1");
        house.agent.hasReceived("pg-r2", "0/4000000");
        house.agent.failing("RejoinMember", "its host is gone", 9999);

        house.agent.die("pg-m1");
        look();
        house.finish(begun().orElseThrow().id());

        assertThat(house.desk.get("pg").primary()).contains("pg-r1");
        assertThat(modes()).containsExactly("pg-m1 Async", "pg-r2 Sync");
        assertThat(gates()).containsExactly("pg-r2");
    }

    /** D8, strict: commits of the new primary were acknowledged by it alone, and nobody said so. */
    @Test
    void commitsWaitForTheLastSyncReplicaAlsoWhenItIsTheOldPrimaryAndAway() {
        house.finish(house.replicas.remove("pg", "pg-r2"));
        makeSync("pg-r1");
        house.agent.failing("RejoinMember", "its host is gone", 9999);

        house.agent.die("pg-m1");
        look();
        house.finish(begun().orElseThrow().id());
        settle();

        assertThat(house.desk.get("pg").primary()).contains("pg-r1");
        assertThat(modes()).containsExactly("pg-m1 Sync");
        assertThat(gates()).containsExactly("pg-m1");

        house.finish(house.replicas.remove("pg", "pg-m1"));
        settle();
        assertThat(gates()).isEmpty();
    }

    @Test
    void theFreshestTakesOverEvenIfAnotherWasThoughtOfFirst() {
        house.agent.die("pg-m1");
        look();
        assertThat(begun()).isPresent();
        house.agent.hasReceived("pg-r1", "0/4000000");

        assertThat(house.finish(begun().orElseThrow().id())).isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").primary()).contains("pg-r2");
        assertThat(house.failovers.get("pg", begun().orElseThrow().id()).newPrimaryId())
                .isEqualTo("pg-r2");
    }

    /** The failover failed, and the dead primary was rather started again. */
    @Test
    void whoeverDiesWhileItIsGivenWhatTheDiskHasIsNotTheLast() {
        house.agent.hasReceived("pg-r1", "0/4000000");
        house.agent.hasReceived("pg-r2", "0/4F00000");
        house.agent.walEnds("0/5000000");
        look();
        house.agent.failing("AppendWal", "no process of it is left", 3);

        house.agent.die("pg-m1");
        look();

        assertThat(house.finish(begun().orElseThrow().id())).isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").primary()).contains("pg-r2");
    }

    @Test
    void whenTheDiskIsUnreadableAnAsynchronousPrimaryIsRatherStartedAgain() {
        house.agent.die("pg-m1");
        house.agent.walEnds("unreadable");
        look();

        assertThat(house.finish(begun().orElseThrow().id())).isEqualTo(OperationState.Failed);
        assertThat(house.agent.effects())
                .containsSubsequence("kill pg-m1", "unfence pg-m1", "follow pg-r1", "follow pg-r2")
                .doesNotContain("promote pg-r1", "promote pg-r2");
        assertThat(house.desk.get("pg").primary()).contains("pg-m1");
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
        assertThat(house.desk.get("pg").term()).as("the one after the open term: S1").isEqualTo(3);
    }

    @Test
    void aHungPrimaryIsKilledAndFailedOver() {
        house.agent.hang("pg-m1", 2);
        look();
        assertThat(begun()).isEmpty();

        house.agent.hang("pg-m1", 3);
        look();

        assertThat(house.finish(begun().orElseThrow().id())).isEqualTo(OperationState.Succeeded);
        assertThat(house.agent.effects()).containsSubsequence("kill pg-m1", "rejoin pg-m1");
    }

    /** Its data was gone, and nothing was done about it, whatever the replicas had. */
    @Test
    void aPrimaryWhoseDataIsGoneIsFailedOverOnceItHasHadItsTime() {
        Duration patience = house.monitors.config("pg").restartTimeout();
        house.agent.unfit("pg-m1");
        look();
        house.clock.advance(patience.minusMillis(1));
        look();
        assertThat(begun()).as("a lease or a disk may come back").isEmpty();

        house.clock.advance(Duration.ofMillis(1));
        look();

        assertThat(house.finish(begun().orElseThrow().id())).isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").primary()).isNotEqualTo(Optional.of("pg-m1"));
    }

    /** A hung one counted as alive for ever. */
    @Test
    void aRecoveryThatGetsOnIsWaitedForAndOneThatDoesNotIsNot() {
        Duration patience = house.monitors.config("pg").restartTimeout();
        house.agent.recovers("pg-m1", patience.minusMillis(1));
        look();
        house.desk.get("pg").operation().ifPresent(house::finish);
        house.clock.advance(Duration.ofHours(2));
        look();
        assertThat(begun()).isEmpty();
        assertThat(house.desk.get("pg").health()).isEqualTo(Health.Unhealthy);

        house.agent.recovers("pg-m1", patience);
        look();

        assertThat(house.finish(begun().orElseThrow().id())).isEqualTo(OperationState.Succeeded);
        assertThat(house.agent.effects()).contains("kill pg-m1");
    }

    /**
     * The turn waited for it for longer than this server's lease runs: meanwhile nothing failed
     * over, whichever instance it was.
     */
    @Test
    void anAgentThatHangsHoldsUpNobodyButItsOwnInstance() {
        CountDownLatch answer = new CountDownLatch(1);
        house.agent.die("pg-m1");
        house.watch.look();
        house.agent.hangStatus(answer);

        Thread turns =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    house.health.tick();
                                    house.health.tick();
                                });
        Duration patience = Duration.ofSeconds(20);
        Eventually.until(patience, "the turns end", () -> !turns.isAlive());
        Eventually.until(patience, "it is asked", () -> house.agent.waitingForStatus() > 0);
        assertThat(house.health.looking()).containsExactly("pg");
        assertThat(house.agent.waitingForStatus()).as("never twice at once").isOne();
        assertThat(begun()).isEmpty();

        answer.countDown();
        Eventually.until(patience, "it is failed over", () -> begun().isPresent());
        assertThat(house.finish(begun().orElseThrow().id())).isEqualTo(OperationState.Succeeded);
    }

    @Test
    void inTheCooldownTheDeadPrimaryIsLeftToItsAgentAndSomebodyIsTold() {
        house.agent.die("pg-m1");
        look();
        assertThat(house.finish(begun().orElseThrow().id())).isEqualTo(OperationState.Succeeded);
        String primary = house.desk.get("pg").primary().orElseThrow();
        look();

        house.clock.advance(Duration.ofSeconds(1));
        house.agent.die(primary);
        look();
        look();

        assertThat(house.desk.get("pg").primary()).contains(primary);
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
        assertThat(openAlerts()).containsOnlyOnce("NoAutomaticFailover");
        assertThat(decisions()).as("one line for each change").contains("FailOver", "Restart");
    }

    /** P48: a copy takes hours, and nobody could be failed over until it was through. */
    @Test
    void aRebuildMakesRoom() {
        house.agent.cutOff("pg-r1", true);
        look();
        settle();
        String rebuild = house.replicas.rebuild("pg", "pg-r1", Copy.USUAL);

        failsOverThough(rebuild);

        assertThat(house.replicas.get("pg", "pg-r1").state()).isEqualTo(ReplicaState.Broken);
    }

    /** P48: the return of a former primary may be a copy as well. */
    @Test
    void theReturnOfAFormerPrimaryMakesRoom() {
        house.agent.failing("RejoinMember", "it has to be copied anew", 1);
        assertThat(house.finish(house.failovers.start("pg", House.to("pg-r1"))))
                .isEqualTo(OperationState.Succeeded);
        house.clock.advance(Duration.ofSeconds(10));
        look();
        String rejoin = house.desk.get("pg").operation().orElseThrow();
        assertThat(house.operation(rejoin).type()).isEqualTo("RejoinReplica");

        failsOverThough(rejoin);
    }

    /** It is in the midst of a long order when the primary dies. */
    private void failsOverThough(String operation) {
        CountDownLatch asked = new CountDownLatch(1);
        house.agent.keepsBusy("RejoinMember", asked);
        Thread working = Thread.ofVirtual().start(() -> house.finish(operation));
        Eventually.until(Duration.ofSeconds(20), "it is at work", house.agent::isBusy);
        // No engine listens here, so that a step hears of a cancel only when it ends.
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                Eventually.until(
                                        Duration.ofSeconds(20),
                                        "it is asked to make room",
                                        () -> house.operation(operation).cancelRequested());
                            } finally {
                                asked.countDown();
                            }
                        });
        house.agent.die(house.desk.get("pg").primary().orElseThrow());

        look();
        join(working);
        look();

        assertThat(house.operation(operation).state()).isEqualTo(OperationState.Cancelled);
        assertThat(house.finish(begun().orElseThrow().id())).isEqualTo(OperationState.Succeeded);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aPlannedRestartIsNoFailure() {
        String restart = house.desk.restart("pg");
        house.agent.die("pg-m1");
        look();

        assertThat(begun()).as("P48").isEmpty();
        assertThat(house.finish(restart)).isEqualTo(OperationState.Succeeded);
    }

    /** What was seen of it was from the midst of the restart; the lane was free again by then. */
    @Test
    void aRestartThatHasEndedIsNoFailureEither() {
        String restart = house.desk.restart("pg");
        house.agent.die("pg-m1");
        house.watch.look();
        assertThat(house.finish(restart)).isEqualTo(OperationState.Succeeded);

        house.watchHealth();

        assertThat(begun()).as("P48").isEmpty();
    }

    @Test
    void aPauseHoldsAndEndsByItself() {
        house.monitors.pause("pg", house.clock.instant().plusSeconds(600), "maintenance");
        house.agent.die("pg-m1");
        look();
        assertThat(begun()).as("R3.51").isEmpty();
        assertThat(house.monitors.status("pg").now().why()).contains("maintenance");

        house.clock.advance(Duration.ofSeconds(601));
        look();

        assertThat(begun()).isPresent();
        assertThat(house.finish(begun().orElseThrow().id())).isEqualTo(OperationState.Succeeded);
    }

    @Test
    void anUnreachableHostIsNoProofOfDeath() {
        house.agent.reachable(false);
        look();

        assertThat(begun()).as("P46, S5").isEmpty();
        assertThat(house.desk.get("pg").primary()).contains("pg-m1");
        house.agent.reachable(true);
        look();
    }

    /** It was started again where it died, though a replica had everything. */
    @Test
    void aServerThatHasNotSeenTheReplicasYetDoesNotTakeThemForLost() {
        house.catalogue
                .jdbi()
                .useHandle(
                        handle -> {
                            HostStore.join(handle, "host-9", "local", "zone-9", "127.0.0.9", 1);
                            handle.execute(
                                    "update catalogue.member set host_id = 'host-9' where id <> 'pg-m1'");
                        });
        house.agent.die("pg-m1");
        HostRow first =
                house.catalogue
                        .jdbi()
                        .withHandle(handle -> HostStore.find(handle, House.HOST))
                        .orElseThrow();

        house.watch.heard(first, house.agent.status());
        house.watchHealth();

        assertThat(house.monitors.status("pg").now().why()).contains("host-9");
        assertThat(decisions()).doesNotContain("Restart");
        look();
        assertThat(house.finish(begun().orElseThrow().id())).isEqualTo(OperationState.Succeeded);
    }

    @Test
    void everyInstanceHasExactlyOneWatcherAndASecondServerTakesTheShareOfADeadOne() {
        assertThat(house.health.watched()).contains("pg");

        house.catalogue
                .jdbi()
                .useTransaction(
                        handle -> {
                            HealthStore.renew(
                                    handle,
                                    new Watcher("other", "other@there", 1, false),
                                    Duration.ofMinutes(1));
                            assertThat(HealthStore.share(handle, "other"))
                                    .as("it belongs to one whose lease runs")
                                    .doesNotContain("pg");
                            handle.execute(
                                    "update catalogue.monitor_server set lease_until = now() - interval"
                                            + " '1 second' where id <> 'other'");
                            assertThat(HealthStore.share(handle, "other")).contains("pg");
                            assertThat(HealthStore.owns(handle, "other", "pg")).isTrue();
                            HealthStore.resign(handle, "other");
                        });
        look();
        assertThat(house.health.watched()).as("and back").contains("pg");
    }

    @Test
    void aConfigurationIsCheckedWhole() {
        var usual = house.monitors.config("pg");
        assertThat(usual).isEqualTo(HealthMonitorConfig.DEFAULT);
        var wrong =
                new HealthMonitorConfig(
                        usual.checkInterval(),
                        0,
                        Duration.ofSeconds(5),
                        0,
                        Optional.empty(),
                        false,
                        usual.cooldown(),
                        1,
                        usual.leaseTtl(),
                        usual.restartTimeout());
        assertThatThrownBy(() -> house.monitors.configure("pg", wrong))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("failureThreshold")
                .hasMessageContaining("checkTimeout");
        assertThat(house.monitors.config("pg")).isEqualTo(usual);
    }

    @Test
    void whatIsWellIsWatchedWithoutAWord() {
        look();
        List<String> before = decisions();

        look();
        look();

        assertThat(decisions()).isEqualTo(before);
        assertThat(openAlerts()).isEmpty();
        assertThat(house.monitors.health("pg")).allMatch(Monitors.HealthCheck::healthy);
        assertThat(house.monitors.status("pg").ifPrimaryDied().why()).contains("just died");
    }
}
