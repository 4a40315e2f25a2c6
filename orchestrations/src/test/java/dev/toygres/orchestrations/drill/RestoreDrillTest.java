package dev.toygres.orchestrations.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.durable.OperationState;
import dev.toygres.model.AlertKind;
import dev.toygres.model.Refused;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.parameter.NewParameters;
import dev.toygres.orchestrations.restore.Backed;
import dev.toygres.store.AlertStore;
import dev.toygres.store.backup.DrillStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Rehearsals of restores on a real catalogue. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestoreDrillTest {
    private static final String COUNT = "select * from rows";

    private final House house = new House("restore_drills");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void clear() {
        house.clear();
        Backed.up(house, "pg");
    }

    static DrillWish wish(Optional<Duration> restoreTime) {
        return new DrillWish(
                Optional.of("0 4 * * *"),
                Optional.empty(),
                Optional.of(List.of(COUNT)),
                restoreTime,
                Optional.empty());
    }

    private OperationState drill(Optional<Duration> goal) {
        return house.finish(house.drills.start("pg", wish(goal)));
    }

    private DrillStore.Row last() {
        return house.drills.list("pg", 1, Optional.empty()).getFirst();
    }

    private List<String> alerts() {
        List<String> ours =
                List.of(AlertKind.RestoreDrillFailed.name(), AlertKind.RestoreGoalMissed.name());
        return house
                .catalogue
                .jdbi()
                .withHandle(handle -> AlertStore.unresolved(handle, ours))
                .stream()
                .map(AlertStore.Row::kind)
                .toList();
    }

    @Test
    void whatIsRestoredIsCheckedTimedAndDropped() {
        assertThat(drill(Optional.of(Duration.ofHours(1)))).isEqualTo(OperationState.Succeeded);

        assertThat(last().state()).isEqualTo(DrillStore.State.Passed);
        assertThat(last().backupId()).isPresent();
        assertThat(last().restoreTime()).isPresent();
        assertThat(last().dataAge()).as("as if the source were lost then").isPresent();
        assertThat(last().checks())
                .containsExactly(new DrillStore.Check(COUNT, 7, "abc", Optional.empty()));
        assertThat(house.agent.effects()).anyMatch(effect -> effect.startsWith("destroy drill-"));
        assertThat(house.desk.list(10, Optional.empty())).hasSize(1);
        assertThat(alerts()).isEmpty();
    }

    /** Postgres was to come up with less than the data had been made with. */
    @Test
    void aDrillOfAnInstanceWithMoreConnectionsFailedThoughARestoreDid() {
        Backed.done(
                house,
                house.parameters.set(
                        "pg",
                        NewParameters.of(Map.of("max_connections", Optional.of("150")), "tester")));

        assertThat(drill(Optional.empty())).isEqualTo(OperationState.Succeeded);

        assertThat(house.agent.backups.restoredWith()).containsEntry("max_connections", "150");
    }

    @Test
    void aMissedGoalIsAnAlertUntilOneMeetsIt() {
        drill(Optional.of(Duration.ofMillis(1)));
        assertThat(alerts()).containsExactly(AlertKind.RestoreGoalMissed.name());

        drill(Optional.of(Duration.ofDays(1)));
        assertThat(alerts()).isEmpty();
    }

    @Test
    void whatIsNotSoundFailsTheDrillAndIsDropped() {
        house.agent.backups.corruption(List.of("heap table rows: line pointer 3 is broken"));

        assertThat(drill(Optional.empty())).isEqualTo(OperationState.Failed);

        assertThat(last().state()).isEqualTo(DrillStore.State.Failed);
        assertThat(last().corruption()).hasSize(1);
        assertThat(last().trouble()).get().asString().contains("line pointer 3");
        assertThat(alerts()).contains(AlertKind.RestoreDrillFailed.name());
        assertThat(house.desk.list(10, Optional.empty())).hasSize(1);
    }

    @Test
    void aRestoreThatFailsFailsTheDrillAndLeavesNothing() {
        house.agent.failing("RestoreMember", "the store is gone", 9999);

        assertThat(drill(Optional.empty())).isEqualTo(OperationState.Failed);

        assertThat(last().trouble()).get().asString().contains("the store is gone");
        assertThat(alerts()).contains(AlertKind.RestoreDrillFailed.name());
        assertThat(house.desk.list(10, Optional.empty())).hasSize(1);
    }

    @Test
    void whatIsDueIsRunOnce() {
        house.drills.plan("pg", wish(Optional.empty()));
        house.clock.advance(Duration.ofDays(3));

        house.drillWatch.look();
        house.drillWatch.look();

        assertThat(
                        house.operations.list(
                                Optional.empty(),
                                Optional.of("RestoreDrill"),
                                Optional.empty(),
                                10,
                                Optional.empty()))
                .hasSize(1);
        house.drills.unplan("pg");
        assertThatThrownBy(() -> house.drills.plan("pg")).isInstanceOf(Refused.class);
    }

    @Test
    void aBadWishIsRefusedFieldByField() {
        DrillWish bad =
                new DrillWish(
                        Optional.of("every night"),
                        Optional.of("Mars"),
                        Optional.of(List.of(" ")),
                        Optional.of(Duration.ZERO),
                        Optional.empty());

        assertThatThrownBy(() -> house.drills.plan("pg", bad))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.faults())
                                        .extracting(Refused.FieldFault::field)
                                        .containsExactlyInAnyOrder(
                                                "cron", "timeZone", "queries", "maxRestoreTime"));
    }
}
