package dev.toygres.orchestrations.parameter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.OperationState;
import dev.toygres.model.parameter.ChangeState;
import dev.toygres.orchestrations.House;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes that wait for the next restart of the primary, whoever asks for that (R5.22, R5.38). */
class NextRestartTest {
    private static final House HOUSE = new House("next_restart");

    @AfterAll
    static void close() {
        HOUSE.close();
    }

    @BeforeEach
    void aReplica() {
        HOUSE.clear();
        HOUSE.create("pg");
        HOUSE.finish(HOUSE.replicas.add("pg", SetParametersTest.replica("pg-r1")));
        HOUSE.watch.look();
    }

    static NewParameters wish(String name, String value) {
        return new NewParameters(
                Map.of(name, Optional.of(value)),
                Optional.empty(),
                Optional.empty(),
                Optional.of("OnNextRestart"),
                Optional.empty(),
                "somebody",
                Optional.empty());
    }

    private static String later(String name, String value) {
        String change = HOUSE.parameters.set("pg", wish(name, value));
        assertThat(HOUSE.finish(change)).isEqualTo(OperationState.Succeeded);
        return change;
    }

    private static String now(String name, String value) {
        String change = HOUSE.parameters.set("pg", SetParametersTest.wish(name, value));
        HOUSE.finish(change);
        return change;
    }

    private static ChangeState state(String change) {
        return HOUSE.parameters.change("pg", change).state();
    }

    private static String value(String member, String name) {
        return HOUSE.agent.postgres.value(member, name).orElse("");
    }

    private static List<String> effectsOf(Runnable work) {
        int before = HOUSE.agent.effects().size();
        work.run();
        List<String> all = HOUSE.agent.effects();
        return all.subList(before, all.size());
    }

    /** Until nothing is left to do. */
    private static void look() {
        boolean busy;
        do {
            HOUSE.clock.advance(Duration.ofMinutes(1));
            HOUSE.watch.look();
            var work = HOUSE.desk.get("pg").operation();
            work.ifPresent(HOUSE::finish);
            busy = work.isPresent();
        } while (busy);
    }

    @Test
    void whatIsRaisedComesToReplicasAtOnceAndToThePrimaryWithItsRestart() {
        String[] change = {""};
        List<String> effects = effectsOf(() -> change[0] = later("max_connections", "90"));

        assertThat(effects).containsExactly("restart pg-r1 for [max_connections]", "reload pg-m1");
        assertThat(state(change[0])).isEqualTo(ChangeState.Pending);
        assertThat(value("pg-m1", "max_connections")).isEqualTo("50");

        HOUSE.finish(HOUSE.desk.restart("pg"));
        look();

        assertThat(state(change[0])).as("nobody has asked").isEqualTo(ChangeState.Applied);
        assertThat(value("pg-m1", "max_connections")).isEqualTo("90");
    }

    /** It failed whenever there was a replica: that was asked for what it must not have yet. */
    @Test
    void whatIsLoweredWaitsAtReplicasTooUntilThePrimaryHasIt() {
        String[] change = {""};
        List<String> effects = effectsOf(() -> change[0] = later("max_connections", "40"));

        assertThat(effects).containsExactly("reload pg-m1");
        assertThat(effectsOf(NextRestartTest::look)).as("nothing is stale").isEmpty();
        assertThat(state(change[0])).isEqualTo(ChangeState.Pending);

        List<String> afterwards =
                effectsOf(
                        () -> {
                            HOUSE.finish(HOUSE.desk.restart("pg"));
                            look();
                        });

        assertThat(afterwards).contains("restart pg-r1 for [max_connections]");
        assertThat(state(change[0])).isEqualTo(ChangeState.Applied);
        assertThat(value("pg-m1", "max_connections")).isEqualTo("40");
        assertThat(value("pg-r1", "max_connections")).isEqualTo("40");
    }

    /** It would have had less than its primary, and not have come up. */
    @Test
    void aReplicaThatIsMadeMeanwhileSuitsThePrimaryAsItRuns() {
        later("max_connections", "40");

        HOUSE.finish(HOUSE.replicas.add("pg", SetParametersTest.replica("pg-r2")));

        assertThat(value("pg-r2", "max_connections")).isEqualTo("50");
    }

    @Test
    void anotherChangeMeanwhileLeavesItWaiting() {
        String waits = later("max_connections", "40");

        List<String> effects = effectsOf(() -> now("work_mem", "9MB"));

        assertThat(effects).containsExactly("reload pg-r1", "reload pg-m1");
        assertThat(state(waits)).isEqualTo(ChangeState.Pending);
        assertThat(value("pg-r1", "max_connections")).isEqualTo("50");
    }

    /** The primary was restarted by the undo of a change that needed no restart. */
    @Test
    void anUndoneReloadRestartsNobodyForWhatWaits() {
        later("shared_buffers", "80MB");
        HOUSE.agent.failingAfter("ConfigureMember", "it is refused", 1, 1);

        List<String> effects = effectsOf(() -> now("work_mem", "9MB"));

        assertThat(effects).noneMatch(effect -> effect.startsWith("restart"));
    }

    @Test
    void aChangeThatRestartsThePrimaryBringsAlongWhatWaited() {
        String waits = later("shared_buffers", "80MB");

        now("max_worker_processes", "12");

        assertThat(state(waits)).isEqualTo(ChangeState.Applied);
        assertThat(value("pg-m1", "shared_buffers")).isEqualTo("10240");
    }

    /** It restarted the primary, and was shown as applied afterwards. */
    @Test
    void takenBackBeforeTheRestartItHasNeverBeen() {
        String waits = later("shared_buffers", "80MB");

        List<String> effects =
                effectsOf(
                        () ->
                                HOUSE.finish(
                                        HOUSE.parameters.revert(
                                                "pg",
                                                waits,
                                                NewParameters.of(Map.of(), "somebody"))));

        assertThat(effects).containsExactly("restart pg-r1 for [shared_buffers]", "reload pg-m1");
        assertThat(state(waits)).isEqualTo(ChangeState.Cancelled);
        look();
        assertThat(state(waits)).isEqualTo(ChangeState.Cancelled);
        assertThat(HOUSE.parameters.get("pg").parameters())
                .noneMatch(one -> one.pending().isPresent());
    }

    /** All of what waited is taken back, and nothing else: only the newest was. */
    @Test
    void whatThePrimaryDoesNotComeUpWithIsNotAgreedAnyMore() {
        String first = later("shared_buffers", "80MB");
        String innocent = now("work_mem", "9MB");
        String second = later("max_worker_processes", "12");

        HOUSE.agent.postgres.returnsTo(
                "pg-m1",
                Map.of("shared_buffers", "64MB", "max_worker_processes", "8", "work_mem", "4MB"),
                "could not map anonymous shared memory");
        look();

        assertThat(List.of(state(first), state(second)))
                .containsOnly(ChangeState.Failed)
                .hasSize(2);
        assertThat(HOUSE.parameters.change("pg", first).failure().orElse(""))
                .contains("could not map");
        assertThat(state(innocent)).isEqualTo(ChangeState.Applied);
        for (String member : List.of("pg-m1", "pg-r1")) {
            assertThat(value(member, "work_mem")).as("%s has it again", member).isEqualTo("9216");
            assertThat(value(member, "shared_buffers")).as(member).isEqualTo("8192");
        }
    }

    /** The new primary runs with what suited the old one; it waits for its restart, too. */
    @Test
    void itWaitsForTheNewPrimaryAfterAFailover() {
        String waits = later("max_connections", "40");

        HOUSE.finish(HOUSE.failovers.start("pg", House.to("pg-r1")));
        look();

        assertThat(HOUSE.desk.get("pg").primary()).contains("pg-r1");
        assertThat(state(waits)).isEqualTo(ChangeState.Pending);
        assertThat(value("pg-m1", "max_connections")).isEqualTo("50");

        HOUSE.finish(HOUSE.desk.restart("pg"));
        look();

        assertThat(state(waits)).isEqualTo(ChangeState.Applied);
        assertThat(value("pg-r1", "max_connections")).isEqualTo("40");
        assertThat(value("pg-m1", "max_connections")).isEqualTo("40");
    }
}
