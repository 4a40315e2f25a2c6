package dev.toygres.orchestrations.backup;

import static dev.toygres.orchestrations.backup.BackupFlowsTest.daily;
import static dev.toygres.orchestrations.backup.BackupFlowsTest.full;
import static dev.toygres.orchestrations.backup.BackupFlowsTest.latest;
import static dev.toygres.orchestrations.backup.BackupFlowsTest.toNew;
import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.OperationState;
import dev.toygres.durable.testing.CrashHarness;
import dev.toygres.durable.testing.CrashHarness.Report;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.Play;
import dev.toygres.store.backup.RepositoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Loses the server before and after every journal write of a backup, its expiry, and what is around
 * them.
 */
@Tag("scenario")
class BackupCrashTest {
    private static final House HOUSE = new House("backup_crashes");

    @AfterAll
    static void close() {
        HOUSE.close();
    }

    private static Report play(Runnable before, Supplier<String> operation) {
        return new CrashHarness(() -> new Play(HOUSE, List.of(operation)).after(before)).run();
    }

    private static void backedUp() {
        HOUSE.create("pg");
        done(HOUSE.backups.configure("pg", daily("/backups/pg")));
    }

    private static void done(String operation) {
        assertThat(HOUSE.finish(operation)).isEqualTo(OperationState.Succeeded);
    }

    private static void pass(Duration time) {
        HOUSE.clock.advance(time);
        HOUSE.agent.backups.pass(time);
    }

    @Test
    void aBackupAndAnExpiryEndTheSameWhereverTheServerIsLost() {
        Report report =
                play(
                        () -> {
                            backedUp();
                            done(HOUSE.backups.create("pg", full()));
                            pass(Duration.ofDays(10));
                            done(HOUSE.backups.create("pg", full()));
                            pass(Duration.ofDays(10));
                        },
                        () -> HOUSE.backups.create("pg", full()));

        assertThat(report.writes()).contains("Transaction forget-expired Succeeded");
    }

    @Test
    void aFailedBackupIsNeverGoodWhereverTheServerIsLost() {
        play(
                () -> {
                    backedUp();
                    HOUSE.agent.failing("VerifyRepository", "the store is gone", 9999);
                },
                () -> HOUSE.backups.create("pg", full()));
    }

    @Test
    void settingUpEndsTheSameWhereverTheServerIsLost() {
        play(() -> HOUSE.create("pg"), () -> HOUSE.backups.configure("pg", daily("/backups/pg")));
    }

    @Test
    void aRestoreEndsTheSameWhereverTheServerIsLost() {
        play(
                () -> {
                    backedUp();
                    done(HOUSE.backups.create("pg", full()));
                },
                () -> HOUSE.restores.restore(toNew("pg", "copy", latest())));
    }

    private static BackupWish wish(String kind) {
        return new BackupWish(kind, List.of(), false, Optional.empty());
    }

    private static String oldest() {
        return HOUSE.backups.list("pg", 9, Optional.empty()).getLast().id();
    }

    private static void twoFulls() {
        backedUp();
        done(HOUSE.backups.create("pg", full()));
        pass(Duration.ofHours(1));
        done(HOUSE.backups.create("pg", full()));
        pass(Duration.ofHours(1));
    }

    @Test
    void anIncrementalEndsTheSameWhereverTheServerIsLost() {
        play(BackupCrashTest::twoFulls, () -> HOUSE.backups.create("pg", wish("Incremental")));
    }

    @Test
    void aDumpEndsTheSameWhereverTheServerIsLost() {
        play(BackupCrashTest::backedUp, () -> HOUSE.backups.create("pg", wish("Logical")));
    }

    @Test
    void aVerificationEndsTheSameWhereverTheServerIsLost() {
        play(BackupCrashTest::twoFulls, () -> HOUSE.backups.verify(oldest()));
    }

    @Test
    void aDeletionEndsTheSameWhereverTheServerIsLost() {
        play(BackupCrashTest::twoFulls, () -> HOUSE.backups.delete(oldest()));
    }

    @Test
    void aDeletionThatFailsEndsTheSameWhereverTheServerIsLost() {
        play(
                () -> {
                    twoFulls();
                    HOUSE.agent.failing("ExpireBackups", "access denied", 9999);
                },
                () -> HOUSE.backups.delete(oldest()));
    }

    @Test
    void anImportEndsTheSameWhereverTheServerIsLost() {
        play(
                () -> {
                    twoFulls();
                    done(HOUSE.backups.create("pg", wish("Logical")));
                    done(HOUSE.desk.delete("pg", true));
                    HOUSE.catalogue
                            .jdbi()
                            .useHandle(
                                    handle ->
                                            RepositoryStore.of(handle, "pg")
                                                    .forEach(
                                                            one ->
                                                                    RepositoryStore.remove(
                                                                            handle, one.id())));
                },
                () ->
                        HOUSE.backups.importFrom(
                                new ImportWish(
                                        "pg", daily("/backups/pg").storage(), Optional.empty())));
    }
}
