package dev.toygres.orchestrations.backup;

import static dev.toygres.orchestrations.backup.BackupFlowsTest.daily;
import static dev.toygres.orchestrations.backup.BackupFlowsTest.full;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.toygres.agentapi.HostStatus.Archive;
import dev.toygres.durable.OperationState;
import dev.toygres.model.Lsn;
import dev.toygres.model.backup.Archive.WalRange;
import dev.toygres.model.backup.BackupKind;
import dev.toygres.model.backup.BackupState;
import dev.toygres.orchestrations.House;
import dev.toygres.store.AlertStore;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.BackupRow;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is wrong with backups is told while it lasts. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackupAlarmsTest {
    private static final Archive IDLE =
            new Archive(
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    0,
                    Optional.empty(),
                    Optional.empty());

    private final House house = new House("backup_alarms");
    private final BackupAlarms alarms = new BackupAlarms(house.secrets, house.clock);

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void backedUp() {
        house.clear();
        house.create("pg");
        done(house.backups.configure("pg", daily("/backups/pg")));
        done(house.backups.create("pg", full()));
    }

    private void done(String operation) {
        assertThat(house.finish(operation))
                .as("%s", house.operation(operation))
                .isEqualTo(OperationState.Succeeded);
    }

    private List<String> toldOf(Archive archive) {
        return told(archive).stream().map(AlertStore.Row::key).toList();
    }

    private List<AlertStore.Row> told(Archive archive) {
        return house.catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            alarms.look(
                                    handle,
                                    RepositoryStore.attached(handle, "pg").orElseThrow(),
                                    Optional.of(archive));
                            return AlertStore.list(
                                    handle,
                                    new AlertStore.Filter(
                                            Optional.empty(),
                                            Optional.of(AlertStore.Which.unresolved),
                                            Optional.empty()),
                                    10,
                                    Optional.empty());
                        });
    }

    private Archive failing(Duration since, long bytes) {
        return new Archive(
                Optional.empty(),
                Optional.of(house.clock.instant().minus(since)),
                3,
                Optional.empty(),
                Optional.of(house.clock.instant()),
                2,
                bytes,
                Optional.of(house.clock.instant().minus(since)),
                Optional.of("unable to write '/backups/pg/x': [28] No space left on device"));
    }

    @Test
    void nothingIsToldOfWhatIsWell() {
        assertThat(toldOf(IDLE)).isEmpty();
        assertThat(toldOf(failing(Duration.ofSeconds(20), 1))).as("a hiccup").isEmpty();
    }

    @Test
    void aStoreThatTakesNothingIsToldOfBeforeWalIsFarBehind() {
        assertThat(toldOf(failing(Duration.ofMinutes(2), 1)))
                .containsExactly("StoreUnreachable/pg");
        assertThat(toldOf(failing(Duration.ofMinutes(6), 1)))
                .containsExactlyInAnyOrder("StoreUnreachable/pg", "ArchiveBehind/pg");
        assertThat(toldOf(IDLE)).as("it is back").isEmpty();
    }

    @Test
    void itIsToldWhatTheStoreSaid() {
        assertThat(told(failing(Duration.ofMinutes(2), 1)))
                .singleElement()
                .extracting(AlertStore.Row::message, STRING)
                .contains("config.storage.path", "No space left on device");
    }

    @Test
    void muchWalIsToldOfBeforeItsAge() {
        assertThat(toldOf(failing(Duration.ofSeconds(20), 2L << 30)))
                .containsExactly("ArchiveBehind/pg");
    }

    @Test
    void noBackupForLongerThanPromisedIsToldOf() {
        house.clock.advance(Duration.ofHours(36));
        assertThat(toldOf(IDLE)).containsExactly("BackupOverdue/pg");
    }

    @Test
    void aScheduleThatNeverBroughtABackupWasNotToldOf() {
        house.catalogue
                .jdbi()
                .useHandle(
                        handle ->
                                BackupCatalogue.remove(
                                        handle,
                                        house.backups
                                                .list("pg", 1, Optional.empty())
                                                .getFirst()
                                                .id()));
        assertThat(toldOf(IDLE)).isEmpty();

        house.clock.advance(Duration.ofHours(36));

        assertThat(toldOf(IDLE)).containsExactly("BackupOverdue/pg");
        house.backups.pause("pg", true);
        house.backups.pause("pg", false);
        assertThat(toldOf(IDLE)).as("it promises from now on").isEmpty();
    }

    @Test
    void aBackupThatIsNotGoodAnyMoreIsToldOf() {
        house.catalogue
                .jdbi()
                .useHandle(
                        handle ->
                                BackupCatalogue.state(
                                        handle,
                                        house.backups
                                                .list("pg", 1, Optional.empty())
                                                .getFirst()
                                                .id(),
                                        BackupState.Damaged,
                                        Optional.of("a flipped byte")));

        assertThat(toldOf(IDLE)).containsExactly("BackupDamaged/pg");
    }

    @Test
    void aHoleInTheWalIsToldOfBeforeSomebodyNeedsWhatFollows() {
        house.catalogue.jdbi().useHandle(this::leaveAHole);

        assertThat(toldOf(IDLE)).as("segments are pushed side by side").isEmpty();
        house.clock.advance(Duration.ofMinutes(3));
        assertThat(toldOf(IDLE)).containsExactly("ArchiveGap/pg");
    }

    /** Every minute until then is one that nobody can go back to. */
    @Test
    void aHoleInTheWalIsFollowedByAFullBackup() {
        house.catalogue.jdbi().useHandle(this::leaveAHole);
        int before = house.backups.list("pg", 10, Optional.empty()).size();
        lookAgain();
        assertThat(house.backups.list("pg", 10, Optional.empty()))
                .as("segments are pushed side by side")
                .hasSize(before);

        house.clock.advance(Duration.ofMinutes(3));
        lookAgain();
        house.tick();
        lookAgain();

        assertThat(house.backups.list("pg", 10, Optional.empty()))
                .as("one, and no other while it is recent")
                .hasSize(before + 1)
                .first()
                .extracting(BackupRow::kind)
                .isEqualTo(BackupKind.Full);
    }

    private void lookAgain() {
        house.clock.advance(Duration.ofSeconds(30));
        house.watch.look();
        house.backupWatch.look();
    }

    private void leaveAHole(Handle handle) {
        RepositoryRow row = RepositoryStore.attached(handle, "pg").orElseThrow();
        WalRange last = row.wal().getLast();
        long beyond = last.to().value() + (16L << 20);
        List<WalRange> wal = new ArrayList<>(row.wal());
        wal.add(new WalRange(last.timeline(), new Lsn(beyond), new Lsn(beyond + (16L << 20))));
        RepositoryStore.grown(handle, row.id(), wal);
    }

    @Test
    void aKeyThatIsMissingIsToldOf() {
        house.secrets.put("key", new dev.toygres.model.Secret("correct horse battery"));
        ScheduleWish usual = daily("/backups/pg-encrypted");
        done(
                house.backups.configure(
                        "pg",
                        new ScheduleWish(
                                usual.fullCron(),
                                usual.incrementalCron(),
                                usual.timeZone(),
                                usual.storage(),
                                usual.dailyDays(),
                                usual.weeklyWeeks(),
                                usual.monthlyMonths(),
                                Optional.of("key"),
                                usual.compression())));
        assertThat(toldOf(IDLE)).isEmpty();
        house.catalogue.jdbi().useHandle(handle -> handle.execute("delete from catalogue.secret"));

        assertThat(toldOf(IDLE)).containsExactly("KeyMissing/pg");
    }
}
