package dev.toygres.orchestrations.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.OperationState;
import dev.toygres.model.InstanceState;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.drill.DrillWish;
import dev.toygres.orchestrations.restore.Backed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Backups are there for the day on which the primary's host is not (P53, D11). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostHostTest {
    private final House house = new House("backups_of_a_lost_host");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void loseTheHostOfThePrimary() {
        house.clear();
        house.watch.look();
        Backed.up(house, "pg");
        house.clock.advance(Duration.ofMinutes(1));
        Backed.done(house, house.backups.create("pg", BackupFlowsTest.full()));
        house.joinHost("host-2");
        house.away(House.HOST, true);
        house.watch.look();
    }

    private String backup() {
        return house.backups.list("pg", 1, Optional.empty()).getFirst().id();
    }

    @Test
    void aRestoreToANewInstanceWasAskedOfTheHostThatWasLost() {
        Backed.done(
                house,
                house.restores.restore(
                        BackupFlowsTest.toNew("pg", "copy", BackupFlowsTest.latest())));

        assertThat(house.desk.get("copy").state()).isEqualTo(InstanceState.Running);
    }

    @Test
    void aDrillWasAskedOfTheHostThatWasLost() {
        Optional<String> none = Optional.empty();

        Backed.done(
                house,
                house.drills.start(
                        "pg",
                        new DrillWish(
                                none,
                                none,
                                Optional.of(List.of()),
                                Optional.empty(),
                                Optional.empty())));
    }

    @Test
    void aVerificationWasAskedOfTheHostThatWasLost() {
        Backed.done(house, house.backups.verify(backup()));
    }

    @Test
    void aDeletionWasAskedOfTheHostThatWasLost() {
        Backed.done(house, house.backups.delete(backup()));

        assertThat(house.agent.backups.labels()).hasSize(1);
    }

    /** The catalogue learns of it seconds later. */
    @Test
    void whatAHostThatWasJustLostCannotDoIsAskedOfAnother() {
        house.away(House.HOST, false);
        house.watch.look();
        house.away(House.HOST, true);

        Backed.done(house, house.backups.verify(backup()));
    }

    /** A local directory that is not shared with it, or not mounted there. */
    @Test
    void anEmptyDirectoryOfAnotherHostWasTakenForTheStore() {
        house.away("host-2", true);
        house.joinAnother("host-3", "127.0.0.3");

        String verification = house.backups.verify(backup());

        assertThat(house.finish(verification)).isEqualTo(OperationState.Failed);
        assertThat(house.operation(verification).toString()).contains("host-3 sees no backups");
        assertThat(house.backups.window("pg").latest()).isPresent();
    }
}
