package dev.toygres.orchestrations.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.model.Refused;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.drill.DrillWish;
import dev.toygres.store.backup.BackupRow;
import dev.toygres.store.backup.Former;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The name of an instance that is gone is free for another; what it left stays its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FormerInstanceTest {
    private final House house = new House("former_instances");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void oneWithTheNameOfAnother() {
        house.clear();
        Backed.up(house, "pg");
        Backed.done(house, house.desk.delete("pg"));
        house.create("pg");
    }

    private List<BackupRow> backups() {
        return house.backups.list("pg", 10, Optional.empty());
    }

    private static RestoreWish latest(String to, Optional<String> backup) {
        return new RestoreWish(
                backup,
                backup.isPresent() ? Optional.empty() : Optional.of("pg"),
                "NewInstance",
                to,
                false,
                Optional.empty(),
                Optional.of("nano"),
                Optional.empty(),
                Optional.empty(),
                false,
                RestoreWish.Goal.ofLatest());
    }

    @Test
    void backupsOfAFormerInstanceLookedLikeThoseOfTheNextOne() {
        assertThat(backups()).singleElement().extracting(BackupRow::former).isNotNull();
        assertThat(backups().getFirst().former().flatMap(Former::deletedAt))
                .as("with the time of its deletion")
                .isPresent();

        Backed.done(house, house.backups.configure("pg", Backed.daily("/backups/another")));
        house.clock.advance(java.time.Duration.ofMinutes(1));
        Backed.done(house, house.backups.create("pg", Backed.full()));

        assertThat(backups())
                .extracting(one -> one.former().isPresent())
                .containsExactly(false, true);
    }

    @Test
    void aRestoreByNameTookTheDataOfAFormerInstance() {
        String former = backups().getFirst().id();

        assertThatThrownBy(() -> house.restores.restore(latest("copy", Optional.empty())))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo("other-instance"))
                .hasMessageContaining("pg itself has no backups yet")
                .hasMessageContaining(former + " (of a former pg, deleted at ");

        Backed.done(house, house.restores.restore(latest("copy", Optional.of(former))));
        assertThat(house.restores.list("copy").getFirst().backupId()).contains(former);
    }

    @Test
    void nothingOfAFormerInstanceIsPromisedOrRehearsed() {
        assertThatThrownBy(() -> house.backups.window("pg"))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.code()).isEqualTo("backup-schedule-not-found"));
        DrillWish wish =
                new DrillWish(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        assertThatThrownBy(() -> house.drills.start("pg", wish)).isInstanceOf(Refused.class);
    }

    @Test
    void oneThatHasBackupsOfItsOwnIsRestoredFromThem() {
        Backed.done(house, house.backups.configure("pg", Backed.daily("/backups/another")));
        house.clock.advance(java.time.Duration.ofMinutes(1));
        Backed.done(house, house.backups.create("pg", Backed.full()));

        Backed.done(house, house.restores.restore(latest("copy", Optional.empty())));

        assertThat(house.restores.list("copy").getFirst().backupId())
                .contains(backups().getFirst().id());
    }
}
