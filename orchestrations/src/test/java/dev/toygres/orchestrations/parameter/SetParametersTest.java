package dev.toygres.orchestrations.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.durable.OperationState;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Refused;
import dev.toygres.model.Size;
import dev.toygres.model.parameter.ChangeState;
import dev.toygres.model.parameter.ParameterPlan;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.replica.NewReplica;
import dev.toygres.store.ParameterChangeRow;
import dev.toygres.store.ParameterStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SetParametersTest {
    private static final House HOUSE = new House("set_parameters");

    @AfterAll
    static void close() {
        HOUSE.close();
    }

    @BeforeEach
    void twoReplicas() {
        HOUSE.clear();
        HOUSE.create("pg");
        for (String replica : List.of("pg-r1", "pg-r2")) {
            HOUSE.finish(HOUSE.replicas.add("pg", replica(replica)));
        }
        HOUSE.watch.look();
    }

    static NewReplica replica(String id) {
        return new NewReplica(
                id,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("Async"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static NewParameters wish(String name, String value) {
        return NewParameters.of(Map.of(name, Optional.of(value)), "somebody");
    }

    /** When, and who: a revert names no values. */
    private static final NewParameters REVERT = NewParameters.of(Map.of(), "somebody");

    static NewParameters at(Instant time) {
        return new NewParameters(
                Map.of("work_mem", Optional.of("9MB")),
                Optional.empty(),
                Optional.empty(),
                Optional.of("Scheduled"),
                Optional.of(time),
                "somebody",
                Optional.empty());
    }

    private static List<String> effectsOf(Runnable work) {
        int before = HOUSE.agent.effects().size();
        work.run();
        List<String> all = HOUSE.agent.effects();
        return all.subList(before, all.size());
    }

    private static String value(String member, String name) {
        return HOUSE.agent.postgres.value(member, name).orElse("");
    }

    private static ChangeState state(String change) {
        return HOUSE.parameters.change("pg", change).state();
    }

    @Test
    void raisesAtTheReplicasFirstAndHoldsTheClientsOfThePrimary() {
        String[] change = {""};

        List<String> effects =
                effectsOf(
                        () -> {
                            change[0] = HOUSE.parameters.set("pg", wish("max_connections", "120"));
                            HOUSE.finish(change[0]);
                        });

        assertThat(effects)
                .containsExactly(
                        "restart pg-r1 for [max_connections]",
                        "restart pg-r2 for [max_connections]",
                        "reload pg-m1",
                        "hold pg",
                        "restart pg-m1 for [max_connections]",
                        "open pg for 2 readers");
        assertThat(state(change[0])).isEqualTo(ChangeState.Applied);
        assertThat(HOUSE.desk.get("pg").state()).isEqualTo(InstanceState.Running);
        assertThat(HOUSE.parameters.get("pg").version()).isEqualTo(1);
    }

    @Test
    void lowersAtThePrimaryFirst() {
        HOUSE.finish(HOUSE.parameters.set("pg", wish("max_connections", "120")));

        List<String> effects =
                effectsOf(
                        () ->
                                HOUSE.finish(
                                        HOUSE.parameters.set("pg", wish("max_connections", "60"))));

        assertThat(effects)
                .filteredOn(effect -> effect.startsWith("restart"))
                .containsExactly(
                        "restart pg-m1 for [max_connections]",
                        "restart pg-r1 for [max_connections]",
                        "restart pg-r2 for [max_connections]");
    }

    @Test
    void aTrialThatFailsTouchesNobody() {
        HOUSE.agent.failing("TrySettings", "could not map anonymous shared memory", 1);
        String[] change = {""};

        List<String> effects =
                effectsOf(
                        () -> {
                            change[0] = HOUSE.parameters.set("pg", wish("shared_buffers", "80MB"));
                            assertThat(HOUSE.finish(change[0])).isEqualTo(OperationState.Failed);
                        });

        assertThat(effects).isEmpty();
        assertThat(HOUSE.parameters.change("pg", change[0]).failure().orElse(""))
                .contains("could not map anonymous shared memory");
        assertThat(HOUSE.parameters.get("pg").version()).isZero();
    }

    @Test
    void aMemberThatFailsGivesEverybodyTheFormerValues() {
        HOUSE.finish(HOUSE.parameters.set("pg", wish("max_connections", "70")));
        String change = HOUSE.parameters.set("pg", wish("max_connections", "90"));
        HOUSE.agent.failingAfter("ConfigureMember", "it did not come up", 1, 1);

        assertThat(HOUSE.finish(change)).isEqualTo(OperationState.Failed);

        assertThat(state(change)).isEqualTo(ChangeState.Failed);
        for (String member : List.of("pg-m1", "pg-r1", "pg-r2")) {
            assertThat(value(member, "max_connections")).as(member).isEqualTo("70");
        }
        assertThat(HOUSE.desk.get("pg").state()).isEqualTo(InstanceState.Running);
    }

    @Test
    void aPrimaryThatFailsGivesEverybodyTheFormerValuesAndServesAgain() {
        String change = HOUSE.parameters.set("pg", wish("max_connections", "90"));
        HOUSE.agent.failingAfter("ConfigureMember", "it did not come up", 1, 3);

        assertThat(HOUSE.finish(change)).isEqualTo(OperationState.Failed);

        for (String member : List.of("pg-m1", "pg-r1", "pg-r2")) {
            assertThat(value(member, "max_connections")).as(member).isEqualTo("50");
        }
        assertThat(HOUSE.desk.get("pg").state()).isEqualTo(InstanceState.Running);
        assertThat(HOUSE.agent.status().endpoints().getFirst().held()).isFalse();
    }

    @Test
    void refusesBeforeAnythingIsWritten() {
        assertThatThrownBy(
                        () ->
                                HOUSE.parameters.set(
                                        "pg",
                                        NewParameters.of(
                                                Map.of(
                                                        "shared_buffers", Optional.of("20GB"),
                                                        "work_mem", Optional.of("1x"),
                                                        "port", Optional.of("1")),
                                                "somebody")))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.faults()).hasSize(3));
        assertThat(HOUSE.parameters.changes("pg", 10, Optional.empty())).isEmpty();
    }

    /** Good changes were rolled back: Postgres shows some values otherwise than they are set. */
    @Test
    void whatPostgresShowsOtherwiseThanItIsSetIsInForceAllTheSame() {
        String change = HOUSE.parameters.set("pg", wish("wal_compression", "on"));

        assertThat(HOUSE.finish(change)).isEqualTo(OperationState.Succeeded);
        assertThat(value("pg-r1", "wal_compression")).isEqualTo("pglz");
    }

    /** Nothing was seen of a text that was not in force. */
    @Test
    void aTextThatIsNotInForceIsFound() {
        HOUSE.agent.postgres.deaf("pg-r2", "TimeZone");
        try {
            String change = HOUSE.parameters.set("pg", wish("TimeZone", "Europe/Vienna"));

            assertThat(HOUSE.finish(change)).isEqualTo(OperationState.Failed);
            assertThat(HOUSE.parameters.change("pg", change).failure().orElse(""))
                    .contains("TimeZone is GMT on pg-r2, not Europe/Vienna");
        } finally {
            HOUSE.agent.postgres.deaf("pg-r2", "");
        }
    }

    /** DateStyle, TimeZone and IntervalStyle could not be set by any spelling. */
    @Test
    void aNameIsReadInAnyCase() {
        HOUSE.finish(HOUSE.parameters.set("pg", wish("timezone", "Europe/Vienna")));

        assertThat(value("pg-m1", "TimeZone")).isEqualTo("Europe/Vienna");
        assertThat(HOUSE.parameters.get("pg").parameters())
                .filteredOn(one -> one.definition().name().equals("TimeZone"))
                .extracting(one -> one.set().orElse(""))
                .containsExactly("Europe/Vienna");
        assertThatThrownBy(
                        () ->
                                HOUSE.parameters.set(
                                        "pg",
                                        NewParameters.of(
                                                Map.of(
                                                        "timezone", Optional.of("GMT"),
                                                        "TimeZone", Optional.of("UTC")),
                                                "somebody")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("two spellings");
    }

    /** They went without a word. */
    @Test
    void aProfileNamesWhatWasSetByHandAndGoes() {
        HOUSE.finish(HOUSE.parameters.set("pg", wish("work_mem", "9MB")));
        HOUSE.finish(HOUSE.parameters.set("pg", wish("max_connections", "60")));

        ParameterPlan plan =
                HOUSE.parameters.plan(
                        "pg",
                        new NewParameters(
                                Map.of("max_connections", Optional.of("60")),
                                Optional.of(new NewParameters.NewProfile("Development", true)),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                "somebody",
                                Optional.empty()));

        assertThat(plan.warnings())
                .filteredOn(words -> words.contains("by hand"))
                .singleElement()
                .asString()
                .contains("work_mem=");
    }

    /** After a failover it was nobody's: only the primary was asked for it. */
    @Test
    void alterSystemOfAReplicaIsTakenBackToo() {
        HOUSE.agent.postgres.alterSystem("pg-r2", "work_mem", "1GB");
        assertThat(HOUSE.parameters.get("pg").trouble()).isNotEmpty();

        HOUSE.finish(
                HOUSE.parameters.set(
                        "pg",
                        new NewParameters(
                                Map.of(),
                                Optional.empty(),
                                Optional.of("Revert"),
                                Optional.empty(),
                                Optional.empty(),
                                "somebody",
                                Optional.empty())));

        assertThat(HOUSE.parameters.get("pg").trouble()).isEmpty();
    }

    /** R5.48: a plan says why a profile has it so. */
    @Test
    void aProfileGivesItsReasons() {
        ParameterPlan plan =
                HOUSE.parameters.plan(
                        "pg",
                        new NewParameters(
                                Map.of("work_mem", Optional.of("9MB")),
                                Optional.of(new NewParameters.NewProfile("Development", true)),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                "somebody",
                                Optional.empty()));

        assertThat(plan.changes())
                .filteredOn(one -> one.name().equals("max_connections"))
                .extracting(one -> one.reason().orElse(""))
                .first()
                .asString()
                .contains("one developer")
                .contains("https://www.postgresql.org/docs/");
        assertThat(plan.changes())
                .filteredOn(one -> one.name().equals("work_mem"))
                .as("set by somebody")
                .allMatch(one -> one.reason().isEmpty());
    }

    /** A raise began, and the primary could only be restarted to no replica at all. */
    @Test
    void aReplicaThatHasCrashedIsInTheWayOfARaise() {
        HOUSE.agent.die("pg-r1");

        assertThatThrownBy(() -> HOUSE.parameters.set("pg", wish("max_connections", "90")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("pg-r1");
    }

    @Test
    void aNewReplicaHasTheAgreedValues() {
        HOUSE.finish(HOUSE.parameters.set("pg", wish("work_mem", "9MB")));
        HOUSE.finish(HOUSE.replicas.add("pg", replica("pg-r3")));

        assertThat(value("pg-r3", "work_mem")).isEqualTo("9216");
    }

    @Test
    void oneCallGoesBackToAnyEarlierState() {
        String first = HOUSE.parameters.set("pg", wish("work_mem", "9MB"));
        HOUSE.finish(first);
        HOUSE.finish(HOUSE.parameters.set("pg", wish("checkpoint_timeout", "10min")));

        HOUSE.finish(HOUSE.parameters.revert("pg", first, REVERT));

        assertThat(value("pg-m1", "work_mem")).isEqualTo("1310");
        assertThat(value("pg-m1", "checkpoint_timeout")).isEqualTo("300");
        assertThat(HOUSE.parameters.changes("pg", 10, Optional.empty())).hasSize(3);
    }

    /** Later changes went with it, and nobody was shown. */
    @Test
    void theDryRunOfARevertShowsLaterChangesToo() {
        String first = HOUSE.parameters.set("pg", wish("work_mem", "9MB"));
        HOUSE.finish(first);
        HOUSE.finish(HOUSE.parameters.set("pg", wish("checkpoint_timeout", "10min")));

        ParameterPlan plan = HOUSE.parameters.planRevert("pg", first, REVERT);

        assertThat(plan.changes())
                .extracting(ParameterPlan.Change::name)
                .containsExactlyInAnyOrder("work_mem", "checkpoint_timeout");
        assertThat(value("pg-m1", "checkpoint_timeout")).isEqualTo("600");
    }

    @Test
    void aRevertCanWaitForItsTime() {
        String first = HOUSE.parameters.set("pg", wish("work_mem", "9MB"));
        HOUSE.finish(first);
        NewParameters later =
                new NewParameters(
                        Map.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("Scheduled"),
                        Optional.of(HOUSE.clock.instant().plusSeconds(3600)),
                        "somebody",
                        Optional.of("too much"));

        String revert = HOUSE.parameters.revert("pg", first, later);
        assertThat(state(revert)).isEqualTo(ChangeState.Scheduled);
        HOUSE.clock.advance(Duration.ofHours(2));
        HOUSE.finish(revert);

        assertThat(value("pg-m1", "work_mem")).isEqualTo("1310");
        assertThat(HOUSE.parameters.change("pg", revert).reason())
                .contains("back to before " + first + ": too much");
    }

    @Test
    void aScheduledChangeWaitsForItsTimeAndLeavesTheLaneFree() {
        String change = HOUSE.parameters.set("pg", at(HOUSE.clock.instant().plusSeconds(3600)));
        HOUSE.tick();
        assertThat(state(change)).isEqualTo(ChangeState.Scheduled);
        HOUSE.finish(HOUSE.parameters.set("pg", wish("checkpoint_timeout", "10min")));

        HOUSE.clock.advance(Duration.ofHours(2));
        assertThat(HOUSE.finish(change)).isEqualTo(OperationState.Succeeded);

        assertThat(state(change)).isEqualTo(ChangeState.Applied);
        assertThat(value("pg-m1", "work_mem")).isEqualTo("9216");
        assertThat(value("pg-m1", "checkpoint_timeout")).isEqualTo("600");
    }

    @Test
    void aScheduledChangeThatIsFarTooLateIsNotMade() {
        String change = HOUSE.parameters.set("pg", at(HOUSE.clock.instant().plusSeconds(3600)));

        HOUSE.clock.advance(Duration.ofDays(3));
        HOUSE.finish(change);

        assertThat(state(change)).isEqualTo(ChangeState.Cancelled);
        assertThat(HOUSE.parameters.change("pg", change).failure().orElse(""))
                .contains("within a day");
        assertThat(value("pg-m1", "work_mem")).isEqualTo("1310");
    }

    @Test
    void aScheduledChangeCanBeWithdrawn() {
        String change = HOUSE.parameters.set("pg", at(HOUSE.clock.instant().plusSeconds(3600)));
        HOUSE.tick();

        HOUSE.parameters.cancel("pg", change);
        HOUSE.finish(change);

        assertThat(state(change)).isEqualTo(ChangeState.Cancelled);
        assertThatThrownBy(() -> HOUSE.parameters.cancel("pg", change)).isInstanceOf(Refused.class);
    }

    @Test
    void anotherSizeGivesEveryMemberThatHadItWhatFollowsFromIt() {
        String larger = HOUSE.parameters.resize("pg", Size.small, "somebody");

        assertThat(HOUSE.finish(larger)).isEqualTo(OperationState.Succeeded);

        for (String member : List.of("pg-m1", "pg-r1", "pg-r2")) {
            assertThat(value(member, "shared_buffers")).as(member).isEqualTo("32768");
            assertThat(value(member, "max_connections")).as(member).isEqualTo("102");
        }
        assertThat(HOUSE.desk.get("pg").size()).isEqualTo(Size.small);
        assertThat(HOUSE.replicas.get("pg", "pg-r1").size()).isEqualTo(Size.small);
        assertThat(HOUSE.parameters.change("pg", larger).cause()).isEqualTo("resize");
        assertThatThrownBy(() -> HOUSE.parameters.revert("pg", larger, REVERT))
                .hasMessageContaining("resize");

        HOUSE.finish(HOUSE.parameters.resize("pg", Size.nano, "somebody"));
        assertThat(value("pg-r2", "shared_buffers")).isEqualTo("8192");
        HOUSE.watch.look();
        assertThat(HOUSE.desk.get("pg").operation()).as("nothing to keep").isEmpty();
    }

    @Test
    void anotherSizeThatDoesNotComeUpIsTakenBack() {
        HOUSE.agent.failing("TrySettings", "could not map anonymous shared memory", 1);

        String larger = HOUSE.parameters.resize("pg", Size.small, "somebody");

        assertThat(HOUSE.finish(larger)).isEqualTo(OperationState.Failed);
        assertThat(HOUSE.desk.get("pg").size()).isEqualTo(Size.nano);
        assertThat(value("pg-m1", "shared_buffers")).isEqualTo("8192");
    }

    /** P48: it was in the way of a failover, and nobody has to remember it. */
    @Test
    void aChangeThatMadeRoomForAFailoverIsMadeAfterwards() {
        String change = HOUSE.parameters.set("pg", wish("work_mem", "9MB"));
        HOUSE.catalogue.jdbi().useHandle(handle -> ParameterStore.makesRoom(handle, change));
        HOUSE.operations.cancel(change);

        assertThat(HOUSE.finish(change)).isEqualTo(OperationState.Cancelled);

        ParameterChangeRow again =
                HOUSE.parameters.changes("pg", 10, Optional.empty()).stream()
                        .filter(one -> !one.id().equals(change))
                        .findFirst()
                        .orElseThrow();
        assertThat(HOUSE.parameters.change("pg", change).failure().orElse(""))
                .contains("tried again as " + again.id());
        assertThat(HOUSE.finish(again.id())).isEqualTo(OperationState.Succeeded);
        assertThat(value("pg-m1", "work_mem")).isEqualTo("9216");
        assertThat(HOUSE.parameters.changes("pg", 10, Optional.empty())).as("once").hasSize(2);
    }

    @Test
    void whoeverNamesAParameterTakesItsAlterSystemBack() {
        HOUSE.agent.postgres.alterSystem("pg-m1", "work_mem", "1GB");
        assertThat(HOUSE.parameters.plan("pg", wish("checkpoint_timeout", "10min")).warnings())
                .anyMatch(words -> words.contains("ALTER SYSTEM"));

        HOUSE.finish(HOUSE.parameters.set("pg", wish("work_mem", "9MB")));

        assertThat(HOUSE.parameters.get("pg").trouble()).isEmpty();
    }
}
