package dev.toygres.orchestrations.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.EngineListener;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.replica.NewReplica;
import dev.toygres.store.AlertStore;
import dev.toygres.store.DutyStore;
import dev.toygres.testkit.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What lasts is raised, what is over is resolved, and what comes and goes is left alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AlertWatchTest {
    private final House house = new House("alert_watch");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void anInstance() {
        house.clear();
        house.create("pg");
    }

    @Test
    void nothingIsWrongWithWhatIsWell() {
        lookFor(20);

        assertThat(unresolved()).isEmpty();
    }

    @Test
    void aHostThatDoesNotAnswerForAWhileIsToldOfAndOverWhenItDoes() {
        house.agent.reachable(false);
        lookFor(3);
        assertThat(unresolved()).as("it may be back at once").isEmpty();

        lookFor(10);
        assertThat(unresolved()).containsExactly("HostUnreachable/host-1", "EndpointUnserved/pg");

        house.agent.reachable(true);
        lookFor(12);
        assertThat(unresolved()).isEmpty();
    }

    @Test
    void aReplicaTooFarBehindIsToldOfUntilItIsWellBelowItsLimit() {
        house.finish(add("pg-r1", "Async", Optional.of(1000L)));
        house.agent.lag("pg-r1", 1001);
        lookFor(10);
        assertThat(unresolved()).as("R1.11").containsExactly("ReplicaLagging/pg/pg-r1");

        house.agent.lag("pg-r1", 900);
        lookFor(20);
        assertThat(unresolved()).as("it hovers").containsExactly("ReplicaLagging/pg/pg-r1");

        house.agent.lag("pg-r1", 799);
        lookFor(20);
        assertThat(unresolved()).isEmpty();
    }

    @Test
    void aMemberThatDidNotComeUpWithWhatIsAgreedIsToldOf() {
        house.agent.postgres.returnsTo("pg-m1", Map.of(), "it ended at once");
        lookFor(10);
        assertThat(unresolved()).as("P55").containsExactly("ParametersTakenBack/pg/pg-m1");

        house.finish(house.desk.restart("pg"));
        lookFor(12);
        assertThat(unresolved()).isEmpty();
    }

    @Test
    void theOnlySyncReplicaGoneIsToldOfByWhatItMeans() {
        house.finish(add("pg-s1", "Sync", Optional.empty()));
        house.agent.cutOff("pg-s1", true);
        lookFor(12);

        assertThat(unresolved()).as("D8 strict").contains("CommitsWait/pg");
    }

    /** S4: nothing was said of it before the day that no server worked. */
    @Test
    void anElectorWhoseWordThePrimaryDoesNotGetIsToldOfWhileTheServerWorks() {
        house.joinHost("host-2");
        house.finish(add("pg-r1", "Async", Optional.empty()));
        Eventually.until(
                Duration.ofSeconds(20),
                "it is an elector",
                () -> {
                    house.watch.look();
                    house.watchHealth();
                    house.tick();
                    return house.desk.get("pg").isolation().electorate().equals(List.of("pg-r1"));
                });
        house.agent.unheard("pg-r1", "pg-gone");
        lookFor(10);
        assertThat(unresolved()).containsExactly("VoucherMissing/pg/pg-r1");
        assertThat(house.desk.get("pg").isolation().ifServersDied())
                .endsWith("it does not reach pg-r1");

        house.agent.unheard();
        lookFor(12);
        assertThat(unresolved()).isEmpty();
    }

    @Test
    void whatIsGoneWithItsInstanceIsOver() {
        house.catalogue
                .jdbi()
                .useTransaction(
                        handle ->
                                Alarms.raise(
                                        handle,
                                        dev.toygres.model.Alert.ofInstance(
                                                dev.toygres.model.AlertSeverity.Critical,
                                                dev.toygres.model.AlertKind.FailoverFailed,
                                                "gone",
                                                "nobody is there any more")));
        lookFor(1);

        assertThat(unresolved()).isEmpty();
    }

    @Test
    void aLateStepIsToldOfUntilItsOperationIsOver() {
        String operation = house.desk.stop("pg");
        new OverdueAlarm(house.catalogue, new EngineListener() {})
                .stepOverdue(
                        new EngineListener.OverdueStep(
                                operation, "stop-instance", "stop", Instant.EPOCH));
        lookFor(1);
        assertThat(unresolved()).containsExactly("StepOverdue/" + operation + "/stop");

        house.finish(operation);
        lookFor(1);
        assertThat(unresolved()).isEmpty();
    }

    @Test
    void oneServerDoesItForAllUntilItIsSilent() {
        UUID one = UUID.randomUUID();
        UUID other = UUID.randomUUID();

        assertThat(takes(one)).isTrue();
        assertThat(takes(other)).isFalse();
        assertThat(takes(one)).isTrue();
        house.catalogue
                .jdbi()
                .useHandle(
                        handle ->
                                handle.execute(
                                        "update catalogue.duty set until = now() - interval '1 second'"));
        assertThat(takes(other)).isTrue();
        assertThat(takes(one)).isFalse();
    }

    private boolean takes(UUID server) {
        return house.catalogue
                .jdbi()
                .withHandle(
                        handle -> DutyStore.take(handle, "test", server, Duration.ofSeconds(10)));
    }

    private void lookFor(int seconds) {
        for (int second = 0; second < seconds; second++) {
            house.watch.look();
            house.alerts.look();
            house.clock.advance(Duration.ofSeconds(1));
        }
    }

    private List<String> unresolved() {
        return house
                .catalogue
                .jdbi()
                .withHandle(
                        handle ->
                                AlertStore.list(
                                        handle,
                                        new AlertStore.Filter(
                                                Optional.empty(),
                                                Optional.of(AlertStore.Which.unresolved),
                                                Optional.empty()),
                                        10,
                                        Optional.empty()))
                .stream()
                .map(AlertStore.Row::key)
                .toList();
    }

    private String add(String replica, String mode, Optional<Long> maxLag) {
        return house.replicas.add(
                "pg",
                new NewReplica(
                        replica,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(mode),
                        maxLag,
                        Optional.empty(),
                        Optional.empty()));
    }
}
