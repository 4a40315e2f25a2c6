package dev.toygres.orchestrations.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.Health;
import dev.toygres.model.InstanceState;
import dev.toygres.orchestrations.House;
import dev.toygres.store.SecretStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** P30: what hosts have is held against the catalogue. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostWatchTest {
    private final House house = new House("watch");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void clear() {
        house.clear();
    }

    @Test
    void aHostThatDoesNotAnswerMakesHealthUnknownAndNeverAGuess() {
        house.create("pg");
        house.agent.reachable(false);

        house.watch.look();
        assertThat(house.desk.get("pg").health()).isEqualTo(Health.Unknown);

        house.agent.reachable(true);
        house.watch.look();
        assertThat(house.desk.get("pg").health()).isEqualTo(Health.Healthy);
    }

    /** It was Healthy though nobody could take over. */
    @Test
    void anInstanceWithABrokenReplicaIsNotWell() {
        house.create("pg");
        house.agent.failing("CreateReplica", "no room", 99);
        house.finish(house.replicas.add("pg", House.replica("pg-r1", "Async")));
        house.agent.failing("none", "", 0);

        house.watch.look();

        assertThat(house.desk.get("pg").health()).isEqualTo(Health.Degraded);
        house.finish(house.replicas.remove("pg", "pg-r1"));
        house.watch.look();
        assertThat(house.desk.get("pg").health()).isEqualTo(Health.Healthy);
    }

    /** What was seen before still stood there: "FailingOver Healthy". */
    @Test
    void whileAFailoverIsAtWorkNobodyIsShownAsHealthy() {
        house.create("pg");
        house.finish(house.replicas.add("pg", House.replica("pg-r1", "Async")));
        house.watch.look();
        assertThat(house.desk.get("pg").health()).isEqualTo(Health.Healthy);

        String failover = house.failovers.start("pg", House.to("pg-r1"));

        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.FailingOver);
        assertThat(house.desk.get("pg").health()).isEqualTo(Health.Degraded);
        house.finish(failover);
    }

    /** It promised a failover that a pause forbids. */
    @Test
    void nobodyIsPromisedAFailoverDuringAPause() {
        house.create("pg");
        house.finish(house.replicas.add("pg", House.replica("pg-r1", "Async")));
        house.watch.look();
        assertThat(risk()).contains("pg-r1 would take over");

        house.monitors.pause("pg", house.clock.instant().plusSeconds(600), "maintenance");

        assertThat(risk()).contains("could take over").contains("not by itself").contains("maint");
    }

    private String risk() {
        return house.desk.get("pg").failoverRisk().orElseThrow().words();
    }

    /** S3: it cost nobody anything, and yet somebody should know. */
    @Test
    void anAgentThatAGuardStartedAgainIsToldOfOnce() {
        house.watch.look();
        assertThat(restartsTold()).isZero();

        house.agent.revive("boot-2");
        house.watch.look();
        house.watch.look();

        assertThat(restartsTold()).isOne();
    }

    private int restartsTold() {
        return house.catalogue
                .jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery(
                                                "select count(*) from catalogue.alert where kind = 'AgentRestarted'")
                                        .mapTo(Integer.class)
                                        .one());
    }

    @Test
    void whatOughtToRunAndDoesNotIsStarted() {
        house.create("pg");
        house.agent.stopBehindOurBack("pg-m1");

        house.watch.look();
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Restarting);
        house.finish(house.desk.get("pg").operation().orElseThrow());

        assertThat(house.agent.members()).containsEntry("pg-m1", "Running");
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
    }

    /** The lane was then held for nothing, and whoever came next was refused. */
    @Test
    void whatWasSeenBeforeAnInstanceWasThereStartsNothing() {
        house.watch.look();
        house.create("pg");

        house.watch.reconcile();

        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
        assertThat(house.desk.get("pg").operation()).isEmpty();
    }

    @Test
    void whatWasStoppedOnPurposeStaysStopped() {
        house.create("pg");
        house.finish(house.desk.stop("pg"));

        house.watch.look();

        assertThat(house.agent.members()).containsEntry("pg-m1", "Stopped");
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Stopped);
    }

    @Test
    void aMemberThatTheCatalogueDoesNotKnowIsReportedAndLeftAlone() {
        house.agent.stray("stranger-m1");
        house.watch.look();
        house.clock.advance(java.time.Duration.ofMinutes(1));
        house.watch.look();

        HostDesk desk =
                new HostDesk(
                        house.catalogue,
                        Installation.of(house.catalogue, new SecretStore(new byte[32])),
                        house.clock);
        assertThat(desk.list().getFirst().unknownMembers()).containsExactly("stranger-m1");
        assertThat(house.agent.members()).containsKey("stranger-m1");
    }
}
