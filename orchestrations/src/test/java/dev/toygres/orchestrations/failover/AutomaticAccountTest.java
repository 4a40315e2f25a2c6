package dev.toygres.orchestrations.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.OperationState;
import dev.toygres.orchestrations.House;
import dev.toygres.store.MemberRow;
import dev.toygres.store.MemberStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is read on the morning after a failover that nobody asked for (R3.24, R3.53-R3.56). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AutomaticAccountTest {
    private final House house = new House("accounts");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void anInstanceWithAReplica() {
        house.clear();
        house.clock.advance(Duration.ofHours(2));
        house.create("pg");
        assertThat(house.finish(house.replicas.add("pg", House.replica("pg-r1", "Async"))))
                .isEqualTo(OperationState.Succeeded);
        house.watch.look();
        house.watchHealth();
    }

    private String failedOver() {
        String operation = begun();
        house.finish(operation);
        return operation;
    }

    private String begun() {
        house.agent.die("pg-m1");
        house.watch.look();
        house.watchHealth();
        return house.desk.get("pg").operation().orElseThrow();
    }

    private List<String> texts(String query) {
        return house.catalogue
                .jdbi()
                .withHandle(handle -> handle.createQuery(query).mapTo(String.class).list());
    }

    private List<String> told() {
        return texts(
                "select kind || ' ' || severity from catalogue.alert where kind like 'Failover%'"
                        + " order by id");
    }

    private List<String> audited() {
        return texts(
                "select outcome || ' of ' || operation_id || ': ' || detail from"
                        + " catalogue.audit_entry where action = 'auto-failover' order by id");
    }

    /** Only its beginning was in the log, and whoever hears only what is critical heard no more. */
    @Test
    void theOutcomeIsAuditedAndToldAsUrgentlyAsTheBeginning() {
        String operation = failedOver();

        assertThat(told())
                .containsExactly(
                        "FailoverStarted Critical",
                        "FailoverPromoted Critical",
                        "FailoverCompleted Critical");
        assertThat(audited())
                .anySatisfy(line -> assertThat(line).startsWith("FailOver of " + operation))
                .anySatisfy(
                        line ->
                                assertThat(line)
                                        .startsWith("Completed of " + operation)
                                        .contains("the primary is pg-r1", "0 bytes were lost"));
    }

    /** R3.56: of one that came to nothing before its account was opened, nobody heard. */
    @Test
    void whatIsNotPossibleAnyMoreWhenItsTurnComesIsAuditedAndTold() {
        String operation = begun();
        house.catalogue
                .jdbi()
                .useHandle(
                        handle ->
                                MemberStore.stage(
                                        handle,
                                        "pg-r1",
                                        MemberRow.Stage.Broken,
                                        Optional.of("its disk is full")));

        assertThat(house.finish(operation)).isEqualTo(OperationState.Failed);

        assertThat(told()).containsExactly("FailoverFailed Critical");
        assertThat(audited())
                .anySatisfy(
                        line ->
                                assertThat(line)
                                        .startsWith("Failed of " + operation)
                                        .contains("pg-r1 is Broken"));
    }

    /** It was a mere warning, and its reason was gone. */
    @Test
    void aFailureIsAuditedToldAsUrgentlyAndKeepsTheReasonForWhichItWasBegun() {
        house.agent.walEnds("unreadable");

        String operation = failedOver();

        assertThat(told()).containsExactly("FailoverStarted Critical", "FailoverFailed Critical");
        assertThat(audited())
                .anySatisfy(line -> assertThat(line).startsWith("Failed of " + operation));
        assertThat(house.failovers.get("pg", operation).reason())
                .get()
                .asString()
                .contains("the primary is dead (killed by signal 9)", "the disk is gone");
    }
}
