package dev.toygres.orchestrations.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.testing.CrashHarness;
import dev.toygres.durable.testing.CrashHarness.Report;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.Play;
import dev.toygres.orchestrations.restore.Backed;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Loses the server before and after every journal write of a drill. */
@Tag("scenario")
class DrillCrashTest {
    private static final House HOUSE = new House("drill_crashes");

    @AfterAll
    static void close() {
        HOUSE.close();
    }

    @Test
    void nothingOfADrillIsLeftWhereverTheServerIsLost() {
        Report report = new CrashHarness(() -> play(() -> {})).run();

        assertThat(report.writes()).hasSizeGreaterThan(15);
    }

    @Test
    void nothingOfAFailedOneIsLeftWhereverTheServerIsLost() {
        new CrashHarness(
                        () ->
                                play(
                                        () ->
                                                HOUSE.agent.backups.corruption(
                                                        List.of("a page is broken"))))
                .run();
    }

    private static Play play(Runnable trouble) {
        return new Play(
                        HOUSE,
                        List.of(
                                () ->
                                        HOUSE.drills.start(
                                                "pg", RestoreDrillTest.wish(Optional.empty()))))
                .after(
                        () -> {
                            Backed.up(HOUSE, "pg");
                            trouble.run();
                        })
                // A throw-away instance is called by chance.
                .seeing(effect -> effect.replaceAll("drill-[0-9a-z]{8}", "drill"));
    }
}
