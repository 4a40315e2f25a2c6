package dev.toygres.orchestrations.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.testing.CrashHarness;
import dev.toygres.durable.testing.CrashHarness.Report;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.Play;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Loses the server before and after every journal write of a restore in place and its undoing. */
@Tag("scenario")
class RestoreCrashTest {
    private static final House HOUSE = new House("restore_crashes");

    @AfterAll
    static void close() {
        HOUSE.close();
    }

    @Test
    void s12ARestoreInPlaceEndsTheSameWhereverTheServerIsLost() {
        Report report =
                new CrashHarness(
                                () ->
                                        new Play(HOUSE, List.of(RestoreCrashTest::restore))
                                                .after(RestoreCrashTest::withAReplica)
                                                .lingeringOn("CreateBackup")
                                                .seeing(RestoreCrashTest::backup))
                        .run();

        assertThat(report.writes()).hasSizeGreaterThan(15);
    }

    @Test
    void s12ItsUndoingEndsTheSameWhereverTheServerIsLost() {
        Report report =
                new CrashHarness(
                                () ->
                                        new Play(HOUSE, List.of(() -> HOUSE.restores.undo("pg")))
                                                .after(
                                                        () -> {
                                                            withAReplica();
                                                            Backed.done(HOUSE, restore());
                                                            Backed.settle(HOUSE);
                                                        })
                                                .lingeringOn("CreateBackup")
                                                .seeing(RestoreCrashTest::backup))
                        .run();

        assertThat(report.writes()).hasSizeGreaterThan(12);
    }

    @Test
    void p54OneThatFailsLeavesAllAsItWasWhereverTheServerIsLost() {
        Report report =
                new CrashHarness(
                                () ->
                                        new Play(HOUSE, List.of(RestoreCrashTest::restore))
                                                .after(
                                                        () -> {
                                                            withAReplica();
                                                            HOUSE.agent.failing(
                                                                    "RestoreMember",
                                                                    "the store is gone",
                                                                    9999);
                                                        }))
                        .run();

        assertThat(report.writes()).anyMatch(write -> write.contains("adopt-term"));
    }

    /** Of whom it is taken depends on how soon the replica streams. */
    private static String backup(String effect) {
        return effect.replaceAll("back up pg-\\w+", "back up");
    }

    private static String restore() {
        return HOUSE.restores.restore(Backed.over("pg", true));
    }

    private static void withAReplica() {
        Backed.up(HOUSE, "pg");
        Backed.replica(HOUSE, "pg", "pg-r1", "Async");
        HOUSE.watch.look();
    }
}
