package dev.toygres.orchestrations.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.agentapi.BackupResult.Fault;
import dev.toygres.durable.Operation;
import dev.toygres.durable.OperationState;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Refused;
import dev.toygres.model.Secret;
import dev.toygres.model.backup.Archive.WalSample;
import dev.toygres.model.backup.BackupKind;
import dev.toygres.model.backup.BackupState;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.backup.ScheduleWish.StorageWish;
import dev.toygres.orchestrations.restore.RestoreWish;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.BackupRow;
import dev.toygres.store.backup.RepositoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The flows of backups and restores on a real catalogue, with a store that is a list. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackupFlowsTest {
    private final House house = new House("backup_flows");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void clear() {
        house.clear();
    }

    static ScheduleWish daily(String path) {
        Optional<String> none = Optional.empty();
        return new ScheduleWish(
                "0 2 * * 0",
                Optional.of("0 2 * * *"),
                none,
                new StorageWish(
                        "Local", Optional.of(path), none, none, none, none, none, none, none, none),
                Optional.of(7),
                Optional.of(0),
                Optional.of(0),
                none,
                none);
    }

    static BackupWish full() {
        return new BackupWish("Full", List.of(), false, Optional.of("before the release"));
    }

    private void backedUp(String id) {
        house.create(id);
        done(house.backups.configure(id, daily("/backups/" + id)));
    }

    private void done(String operation) {
        assertThat(house.finish(operation))
                .as("%s", house.operation(operation))
                .isEqualTo(OperationState.Succeeded);
    }

    private BackupRow newest(String id) {
        return house.backups.list(id, 1, Optional.empty()).getFirst();
    }

    @Test
    void aScheduleIsInForceOnceTheStoreIsProvenAndThePrimaryArchives() {
        backedUp("pg");

        ScheduleView view = house.backups.schedule("pg");
        assertThat(view.repository().attached()).isTrue();
        assertThat(view.next()).isPresent();
        assertThat(house.agent.backups.archiving()).containsExactly("pg-m1");
        assertThat(house.agent.effects()).contains("archive from pg-m1");
    }

    @Test
    void aStoreThatCannotBeWrittenToChangesNothing() {
        house.create("pg");
        house.agent.failing("ProveStore", "read only", 99);

        String operation = house.backups.configure("pg", daily("/backups/pg"));

        assertThat(house.finish(operation)).isEqualTo(OperationState.Failed);
        assertThat(house.operation(operation).toString()).contains("read only");
        assertThatThrownBy(() -> house.backups.schedule("pg"))
                .hasMessageContaining("has no backups");
        house.agent.failing("", "", 0);
        done(house.backups.configure("pg", daily("/backups/pg")));
    }

    @Test
    void p52TwoInstancesCannotShareAPlace() {
        backedUp("pg");
        house.create("other");

        for (String path :
                List.of("/backups/pg", "/backups//pg/", "/backups/pg/below", "/backups")) {
            assertThatThrownBy(() -> house.backups.configure("other", daily(path)))
                    .as(path)
                    .isInstanceOf(Refused.class);
        }
        done(house.backups.configure("other", daily("/backups/pg2")));
    }

    @Test
    void p53ABackupIsGoodOnlyOnceItIsVerified() {
        backedUp("pg");

        String operation = house.backups.create("pg", full());
        assertThat(newest("pg").state()).isEqualTo(BackupState.Creating);
        done(operation);

        BackupRow backup = newest("pg");
        assertThat(backup.state()).isEqualTo(BackupState.Available);
        assertThat(backup.verifiedAt()).isPresent();
        assertThat(backup.label()).contains("before the release");
        assertThat(backup.sourceMember()).contains("pg-m1");
    }

    @Test
    void p53OneThatIsNotSoundIsFailedAndNeverGood() {
        backedUp("pg");
        String operation = house.backups.create("pg", full());
        String label = newest("pg").id() + "-e";
        house.agent.backups.faults(List.of(new Fault(Optional.of(label), "base/1", "checksum")));

        assertThat(house.finish(operation)).isEqualTo(OperationState.Failed);

        assertThat(newest("pg").state()).isEqualTo(BackupState.Failed);
        assertThat(newest("pg").trouble()).get().asString().contains("checksum");
    }

    private static BackupWish incremental() {
        return new BackupWish("Incremental", List.of(), false, Optional.empty());
    }

    private String failedFull() {
        house.clock.advance(Duration.ofMinutes(5));
        String operation = house.backups.create("pg", full());
        String id = newest("pg").id();
        house.agent.backups.faults(
                List.of(new Fault(Optional.of(id + "-e"), "base/1", "checksum")));
        assertThat(house.finish(operation)).isEqualTo(OperationState.Failed);
        house.clock.advance(Duration.ofMinutes(5));
        return id;
    }

    @Test
    void p53AnIncrementalWasBuiltOnAFullThatIsNotSound() {
        backedUp("pg");
        done(house.backups.create("pg", full()));
        failedFull();

        done(house.backups.create("pg", incremental()));

        assertThat(newest("pg").kind()).as("a chain of its own").isEqualTo(BackupKind.Full);
        assertThat(newest("pg").state()).isEqualTo(BackupState.Available);
    }

    /** The engine builds on the newest that it has, known to us or not. */
    @Test
    void p53AnIncrementalOnWhatNobodyKnowsWasListedAsGood() {
        backedUp("pg");
        done(house.backups.create("pg", full()));
        String failed = failedFull();
        house.catalogue.jdbi().useHandle(handle -> BackupCatalogue.remove(handle, failed));

        OperationState state = house.finish(house.backups.create("pg", incremental()));

        assertThat(state).isEqualTo(OperationState.Failed);
        assertThat(newest("pg").state()).isEqualTo(BackupState.Failed);
        assertThat(newest("pg").trouble()).get().asString().contains("based on is not known");
        house.clock.advance(Duration.ofMinutes(5));
        done(house.backups.create("pg", incremental()));
        assertThat(newest("pg").kind()).isEqualTo(BackupKind.Full);
    }

    @Test
    void p53AnIncrementalStayedGoodWhenItsFullWasFoundDamaged() {
        backedUp("pg");
        done(house.backups.create("pg", full()));
        String base = newest("pg").id();
        house.clock.advance(Duration.ofMinutes(5));
        done(house.backups.create("pg", incremental()));
        house.agent.backups.faults(
                List.of(new Fault(Optional.of(base + "-e"), "base/1", "checksum")));

        house.finish(house.backups.verify(base));

        assertThat(house.backups.list("pg", 9, Optional.empty()))
                .extracting(BackupRow::state)
                .containsExactly(BackupState.Damaged, BackupState.Damaged);
        assertThat(newest("pg").trouble()).contains("it needs " + base + ", which is Damaged");
    }

    @Test
    void p53OneThatIsNotInTheStoreAnyMoreWasVerified() {
        backedUp("pg");
        done(house.backups.create("pg", full()));
        String gone = newest("pg").id();
        house.clock.advance(Duration.ofMinutes(5));
        done(house.backups.create("pg", full()));
        house.agent.backups.lose(gone + "-e");

        assertThat(house.finish(house.backups.verify(gone))).isEqualTo(OperationState.Failed);

        assertThat(house.backups.get(gone).state()).isEqualTo(BackupState.Damaged);
        assertThat(house.backups.get(gone).trouble()).contains("it is not in the store");
        assertThat(newest("pg").state()).isEqualTo(BackupState.Available);
    }

    @Test
    void p53OneThatFailedBecameGoodByALaterVerification() {
        backedUp("pg");
        done(house.backups.create("pg", full()));
        String good = newest("pg").id();
        String failed = failedFull();

        done(house.backups.verify(good));
        house.agent.backups.faults(List.of());
        house.finish(house.backups.verify(failed));

        assertThat(house.backups.get(failed).state()).isEqualTo(BackupState.Failed);
    }

    private static ScheduleWish encrypted(String path, String key) {
        ScheduleWish usual = daily(path);
        return new ScheduleWish(
                usual.fullCron(),
                usual.incrementalCron(),
                usual.timeZone(),
                usual.storage(),
                usual.dailyDays(),
                usual.weeklyWeeks(),
                usual.monthlyMonths(),
                Optional.of(key),
                usual.compression());
    }

    /** D14: nothing else opened the backups that were encrypted with it. */
    @Test
    void thePassphraseOfBackupsWasWrittenOver() {
        house.create("pg");
        house.secrets.put("key", new Secret("correct horse"));
        done(house.backups.configure("pg", encrypted("/backups/pg", "key")));
        done(house.backups.create("pg", full()));

        assertThatThrownBy(() -> house.secrets.put("key", new Secret("battery staple")))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo("secret-in-use"))
                .hasMessageContaining("pg in file:///backups/pg/");

        assertThat(house.secrets.get("key").reveal()).isEqualTo("correct horse");
        house.secrets.put("key", new Secret("correct horse"));
        assertThatThrownBy(() -> house.secrets.put("key", new Secret("battery staple")))
                .as("the same value again opens no door")
                .isInstanceOf(Refused.class);
        house.secrets.put("other", new Secret("battery staple"));
        done(house.backups.configure("pg", encrypted("/backups/pg2", "other")));
    }

    /** Put again after it was lost it may be a wrong one, until something was read with it. */
    @Test
    void aPassphraseThatOpenedNothingYetCanBeMended() {
        house.create("pg");
        house.secrets.put("key", new Secret("correct horse"));
        done(house.backups.configure("pg", encrypted("/backups/pg", "key")));
        house.catalogue.jdbi().useHandle(handle -> handle.execute("delete from catalogue.secret"));
        house.secrets.put("key", new Secret("mistyped"));

        house.secrets.put("key", new Secret("correct horse"));

        assertThat(house.secrets.get("key").reveal()).isEqualTo("correct horse");
    }

    @Test
    void aSecretThatIsWrittenAnewGoesToTheHostsByItself() {
        house.create("pg");
        house.secrets.put("keys", new Secret("AK:SK"));
        ScheduleWish usual = daily("/backups/pg");
        done(
                house.backups.configure(
                        "pg",
                        new ScheduleWish(
                                usual.fullCron(),
                                usual.incrementalCron(),
                                usual.timeZone(),
                                new StorageWish(
                                        "S3",
                                        Optional.empty(),
                                        Optional.of("bucket"),
                                        Optional.of("us-east-1"),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.of("keys"),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty()),
                                usual.dailyDays(),
                                usual.weeklyWeeks(),
                                usual.monthlyMonths(),
                                usual.encryptionRef(),
                                usual.compression())));
        house.backupWatch.look();
        assertThat(configurations()).hasSize(1);

        house.secrets.put("keys", new Secret("AK:new"));
        house.clock.advance(Duration.ofMinutes(1));
        house.backupWatch.look();
        house.clock.advance(Duration.ofMinutes(1));
        house.backupWatch.look();

        assertThat(configurations()).hasSize(2);
        done(configurations().getFirst());
        house.clock.advance(Duration.ofMinutes(1));
        house.backupWatch.look();
        assertThat(configurations()).as("once").hasSize(2);
    }

    private List<String> configurations() {
        return house
                .operations
                .list(
                        Optional.of("pg"),
                        Optional.of("ConfigureBackups"),
                        Optional.empty(),
                        10,
                        Optional.empty())
                .stream()
                .map(Operation::id)
                .toList();
    }

    @Test
    void oneBackupAtATime() {
        backedUp("pg");
        house.backups.create("pg", full());

        assertThatThrownBy(() -> house.backups.create("pg", full()))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("is at work");
    }

    /** The agents obeyed the newer order, and refused the backup the rest of its own. */
    @Test
    void aStoreWasSetUpWhileABackupWasTakenThere() {
        backedUp("pg");
        String backup = house.backups.create("pg", full());

        assertThatThrownBy(() -> house.backups.configure("pg", daily("/backups/pg")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("operation " + backup + " is at work");

        done(backup);
        String configuration = house.backups.configure("pg", daily("/backups/pg"));
        assertThatThrownBy(() -> house.backups.create("pg", full()))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("operation " + configuration + " is at work");
        assertThatThrownBy(() -> house.backups.verify(newest("pg").id()))
                .isInstanceOf(Refused.class);
        done(configuration);
        done(house.backups.verify(newest("pg").id()));
    }

    @Test
    void aScheduledBackupThatFellDueWhileTheStoreWasInUseIsMadeUpFor() {
        backedUp("pg");
        done(house.backups.create("pg", full()));
        String verification = house.backups.verify(newest("pg").id());
        pass(Duration.ofHours(3));

        look();
        assertThat(house.backups.list("pg", 9, Optional.empty())).hasSize(1);
        done(verification);
        String configuration = house.backups.configure("pg", daily("/backups/pg"));
        look();
        assertThat(house.backups.list("pg", 9, Optional.empty())).hasSize(1);
        done(configuration);
        look();

        assertThat(newest("pg").cause()).isEqualTo("scheduled");
        done(newest("pg").operationId().orElseThrow());
    }

    /** An empty repository was begun in its mount point, and WAL went there. */
    @Test
    void aStoreThatWasNotMountedWasBegunAnew() {
        backedUp("pg");
        done(house.backups.create("pg", full()));
        house.agent.backups.unmounted();

        String operation = house.backups.configure("pg", daily("/backups/pg"));

        assertThat(house.finish(operation)).isEqualTo(OperationState.Failed);
        assertThat(house.operation(operation).error().orElseThrow())
                .contains("config.storage.path", "what is here is not what was begun");
    }

    /** After a failover nothing could have been restored. */
    @Test
    void aDirectoryThatTheReplicasHostDoesNotShareWasTaken() {
        house.create("pg");
        house.joinAnother("host-2", "127.0.0.2");
        done(house.replicas.add("pg", House.replica("pg-r1", "Async")));

        String operation = house.backups.configure("pg", daily("/backups/pg"));

        assertThat(house.finish(operation)).isEqualTo(OperationState.Failed);
        assertThat(house.operation(operation).error().orElseThrow())
                .contains("config.storage.path: host host-2: what is here is not");
        assertThatThrownBy(() -> house.backups.schedule("pg"))
                .hasMessageContaining("has no backups");
    }

    /** Three times three attempts, each of which could only fail again. */
    @Test
    void aBackupToAFullStoreWasTriedAgainAndAgain() {
        backedUp("pg");
        house.agent.failing(
                "TakeBackup", "the store /backups/pg has 3 MB of room left: no backup begins", 4);

        String operation = house.backups.create("pg", full());

        assertThat(house.finish(operation)).isEqualTo(OperationState.Failed);
        assertThat(newest("pg").trouble())
                .get()
                .asString()
                .contains("config.storage.path: /backups/pg is full: make room there")
                .contains("3 MB of room left");
        // The fourth: one for each set of members, and no more.
        assertThat(house.finish(house.backups.create("pg", full())))
                .isEqualTo(OperationState.Succeeded);
    }

    @Test
    void aFailoverInTheMiddleIsFollowedByAnotherTry() {
        backedUp("pg");
        house.agent.failing("TakeBackup", "the member is no primary any more", 3);

        done(house.backups.create("pg", full()));

        assertThat(newest("pg").state()).isEqualTo(BackupState.Available);
    }

    private void cancel(String operation) {
        house.tick();
        assertThat(house.operations.cancel(operation)).isTrue();
        assertThat(house.finish(operation)).isEqualTo(OperationState.Cancelled);
    }

    @Test
    void aBackupThatWasCancelledWentOnAtTheAgent() {
        backedUp("pg");
        house.agent.failing("TakeBackup", "wait", 99);

        cancel(house.backups.create("pg", full()));

        assertThat(house.agent.backups.ended()).contains("pg-m1");
        assertThat(newest("pg").trouble()).contains("cancelled");
    }

    /** The engine had it, the catalogue did not: the next incremental was based on it. */
    @Test
    void whatTheEngineHadFinishedWhenItWasCancelledWasNobodys() {
        backedUp("pg");
        done(house.backups.create("pg", full()));
        house.clock.advance(Duration.ofMinutes(5));
        house.agent.lostAt(1, true);
        house.agent.failing("TakeBackup", "wait", 99);

        cancel(house.backups.create("pg", full()));

        BackupRow cancelled = newest("pg");
        assertThat(cancelled.state()).isEqualTo(BackupState.Failed);
        assertThat(cancelled.engineLabel()).contains(cancelled.id() + "-e");
        house.agent.failing("", "", 0);
        house.clock.advance(Duration.ofMinutes(5));
        done(house.backups.create("pg", incremental()));
        assertThat(newest("pg").kind()).isEqualTo(BackupKind.Full);
        house.clock.advance(Duration.ofDays(8));
        house.agent.backups.pass(Duration.ofDays(8));
        done(house.backups.create("pg", full()));
        assertThat(house.agent.backups.labels()).doesNotContain(cancelled.id() + "-e");
    }

    @Test
    void theRetentionLetsGoOfWhatIsOld() {
        backedUp("pg");
        done(house.backups.create("pg", full()));
        String first = newest("pg").id();
        house.clock.advance(Duration.ofDays(10));
        house.agent.backups.pass(Duration.ofDays(10));
        done(house.backups.create("pg", full()));
        String second = newest("pg").id();
        assertThat(house.backups.retention("pg").keep()).containsOnlyKeys(first, second);
        house.clock.advance(Duration.ofDays(10));
        house.agent.backups.pass(Duration.ofDays(10));
        done(house.backups.create("pg", full()));

        assertThat(house.agent.backups.labels()).hasSize(2).doesNotContain(first + "-e");
        assertThat(house.backups.list("pg", 9, Optional.empty())).hasSize(2);
    }

    /** What the window is based on: a dump is not. */
    @Test
    void theLastGoodBackupIsOneThatCanBeRolledForward() {
        backedUp("pg");
        done(house.backups.create("pg", full()));
        String full = newest("pg").id();
        pass(Duration.ofHours(1));
        done(
                house.backups.create(
                        "pg", new BackupWish("Logical", List.of(), false, Optional.empty())));

        assertThat(house.backups.schedule("pg").lastGood()).contains(full);
    }

    /** Set up after a failover: "recovery target timeline 2 does not exist" was said too late. */
    @Test
    void backupsAlongATimelineWithoutItsHistoryWereCalledGood() {
        backedUp("pg");
        house.agent.backups.beginTimelineWithoutHistory();

        String backup = house.backups.create("pg", full());

        assertThat(house.finish(backup)).isEqualTo(OperationState.Failed);
        assertThat(house.operation(backup).error().orElseThrow())
                .contains("the history of timeline 2 is not in the archive");
        assertThat(house.backups.window("pg").earliest()).isEmpty();

        look();
        house.operations
                .list(
                        Optional.of("pg"),
                        Optional.of("ConfigureBackups"),
                        Optional.empty(),
                        10,
                        Optional.empty())
                .forEach(one -> done(one.id()));
        done(house.backups.create("pg", full()));
        assertThat(house.backups.window("pg").earliest()).isPresent();
    }

    private void look() {
        pass(Duration.ofMinutes(1));
        house.watch.look();
        house.backupWatch.look();
    }

    private void pass(Duration time) {
        house.clock.advance(time);
        house.agent.backups.pass(time);
    }

    private void threeBackups() {
        backedUp("pg");
        for (int i = 0; i < 3; i++) {
            pass(Duration.ofHours(1));
            done(house.backups.create("pg", full()));
        }
    }

    private void retain() {
        house.watch.look();
        house.backupWatch.look();
        house.operations
                .list(
                        Optional.of("pg"),
                        Optional.of("ApplyRetention"),
                        Optional.empty(),
                        10,
                        Optional.empty())
                .forEach(one -> done(one.id()));
    }

    @Test
    void backupsOfAnInstanceThatIsGoneNeverExpired() {
        threeBackups();
        String newest = newest("pg").id();
        done(house.desk.delete("pg", true));
        pass(Duration.ofDays(30));

        retain();

        assertThat(house.backups.list("pg", 9, Optional.empty()))
                .extracting(BackupRow::id)
                .containsExactly(newest);
        assertThat(house.agent.backups.labels()).containsExactly(newest + "-e");
    }

    @Test
    void backupsOfAPausedScheduleNeverExpired() {
        threeBackups();
        house.backups.pause("pg", true);
        pass(Duration.ofDays(30));

        retain();

        assertThat(house.agent.backups.labels()).hasSize(1);
    }

    /** Each is a row, every twenty seconds. */
    @Test
    void whatWasWrittenWhenIsForgottenWithTheWindow() {
        backedUp("pg");
        done(house.backups.create("pg", full()));
        pass(Duration.ofDays(10));
        done(house.backups.create("pg", full()));
        pass(Duration.ofDays(10));
        done(house.backups.create("pg", full()));

        String repository = newest("pg").repositoryId();
        Instant window = house.clock.instant().minus(Duration.ofDays(11));
        List<WalSample> samples =
                house.catalogue
                        .jdbi()
                        .withHandle(handle -> RepositoryStore.samples(handle, repository));
        assertThat(samples).isNotEmpty().allMatch(one -> one.at().isAfter(window));
    }

    @Test
    void whatIsNeededIsNotDeleted() {
        backedUp("pg");
        done(house.backups.create("pg", full()));
        String base = newest("pg").id();
        house.clock.advance(Duration.ofMinutes(1));
        done(
                house.backups.create(
                        "pg", new BackupWish("Incremental", List.of(), false, Optional.empty())));

        assertThatThrownBy(() -> house.backups.delete(base)).hasMessageContaining("needs " + base);
        String top = newest("pg").id();
        house.backups.pin(top, true);
        assertThatThrownBy(() -> house.backups.delete(top)).hasMessageContaining("pinned");
        house.backups.pin(top, false);
        done(house.backups.delete(top));
        house.clock.advance(Duration.ofMinutes(1));
        done(house.backups.create("pg", full()));
        done(house.backups.delete(base));
        assertThat(house.agent.backups.labels()).containsExactly(newest("pg").id() + "-e");
    }

    /** The engine does not do it, and it was shown as going for ever. */
    @Test
    void theLastFullBackupStayedDeletingForEver() {
        backedUp("pg");
        done(house.backups.create("pg", full()));
        String last = newest("pg").id();

        assertThatThrownBy(() -> house.backups.delete(last))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo("backup-needed"))
                .hasMessageContaining("the last full backup of pg");

        assertThat(newest("pg").state()).isEqualTo(BackupState.Available);
    }

    @Test
    void whatTheStoreDoesNotLetGoOfStayedDeletingForEver() {
        backedUp("pg");
        done(house.backups.create("pg", full()));
        String first = newest("pg").id();
        house.clock.advance(Duration.ofMinutes(1));
        done(house.backups.create("pg", full()));
        house.agent.failing("ExpireBackups", "access denied", 99);

        assertThat(house.finish(house.backups.delete(first))).isEqualTo(OperationState.Failed);

        BackupRow kept = house.backups.get(first);
        assertThat(kept.state()).isEqualTo(BackupState.Available);
        assertThat(kept.verifiedAt()).as("part of it may be gone").isEmpty();
        assertThat(kept.trouble()).get().asString().contains("access denied");
        done(house.backups.verify(first));
        assertThat(house.backups.get(first).trouble()).isEmpty();
    }

    /** P53: the catalogue outlives the instance, until somebody wants it to go. */
    @Test
    void theLastBackupOfAnInstanceThatIsGoneCouldNotBeDeleted() {
        backedUp("pg");
        done(house.backups.create("pg", full()));
        done(house.desk.delete("pg", true));

        done(house.backups.delete(newest("pg").id()));

        assertThat(house.agent.effects()).contains("delete repository of pg");
        house.create("other");
        done(house.backups.configure("other", daily("/backups/pg")));
    }

    static RestoreWish toNew(String source, String target, RestoreWish.Goal goal) {
        return new RestoreWish(
                Optional.empty(),
                Optional.of(source),
                "NewInstance",
                target,
                false,
                Optional.empty(),
                Optional.of("nano"),
                Optional.empty(),
                Optional.empty(),
                false,
                goal);
    }

    static RestoreWish.Goal latest() {
        return new RestoreWish.Goal(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true, true);
    }

    @Test
    void aNewInstanceHasTheDataAndPasswordsOfItsOwn() {
        backedUp("pg");
        done(house.backups.create("pg", full()));

        done(house.restores.restore(toNew("pg", "copy", latest())));

        assertThat(house.desk.get("copy").state()).isEqualTo(InstanceState.Running);
        assertThat(house.agent.members()).containsKey("copy-m1");
        assertThat(house.agent.backups.archiving())
                .as("P52: it archives nowhere until it is told to")
                .containsExactly("pg-m1");
        assertThat(house.desk.login("copy").password())
                .isNotEqualTo(house.desk.login("pg").password());
    }

    @Test
    void outsideTheWindowIsRefusedWithTheWindow() {
        backedUp("pg");
        done(house.backups.create("pg", full()));

        assertThatThrownBy(
                        () ->
                                house.restores.restore(
                                        toNew(
                                                "pg",
                                                "copy",
                                                new RestoreWish.Goal(
                                                        Optional.of(
                                                                Instant.parse(
                                                                        "2020-01-01T00:00:00Z")),
                                                        Optional.empty(),
                                                        Optional.empty(),
                                                        Optional.empty(),
                                                        false,
                                                        true))))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("restorable is");
        assertThatThrownBy(() -> house.desk.get("copy")).hasMessageContaining("no instance");
    }
}
