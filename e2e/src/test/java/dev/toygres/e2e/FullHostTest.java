package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.toygres.testkit.Eventually;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The disk of the primary's whole host is full, to the last byte: not only Postgres finds no room,
 * its agent does not either.
 *
 * <p>Expected: the alert names the host and says so. As long as Postgres lives it is not replaced,
 * as its rows are the newest (D9). Once no WAL can be written Postgres ends itself, and a replica
 * takes over, though what has to be written down for that (S1, S5) is written to the full disk: the
 * agent has kept room for it. Nothing that was acknowledged is lost. With room again the old
 * primary follows by itself.
 */
@Tag("scenario")
class FullHostTest {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String ID = "full";
    private static final String HOST = "host-3";

    /** A quarter of a megabyte of WAL and no other room. */
    private static final String WAL =
            "select pg_logical_emit_message(false, 'filler', repeat('x', 250000))";

    private static final int MOST = 4_000;

    @Test
    void aPrimaryWhoseHostHasNoRoomAtAllIsReplacedOnceItEndsAndFollowsWithRoom() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root mounts a small disk");
        try (Home home = Home.up(2)) {
            SmallDisk disk = SmallDisk.at(home.real().resolve("hosts").resolve(HOST), "600m");
            try {
                isReplaced(home, disk);
            } finally {
                home.toygres("down");
                disk.close();
            }
        }
    }

    private static void isReplaced(Home home, SmallDisk disk) throws Exception {
        home.toygres("up", "--hosts", "3").succeeded();
        home.toygres(
                        "create",
                        ID,
                        "--size",
                        "nano",
                        "--availability-zone",
                        "local-c",
                        "--replica",
                        "full-r1:sync",
                        "--replica",
                        "full-r2")
                .succeeded();
        String before = home.primary(ID);
        assertThat(home.hostOf(before)).isEqualTo(HOST);
        home.awaitReady(ID, 2);
        try (Load load = Load.on(home, ID, false)) {
            load.awaitMore(200);

            disk.fill();
            Eventually.within(
                    SOON,
                    () ->
                            assertThat(home.alerts("DiskNearlyFull"))
                                    .anyMatch(one -> one.message().contains(HOST)));
            assertThat(home.primary(ID)).as("it lives").isEqualTo(before);
            useUpWal(home);

            Eventually.until(
                    SOON, "a replica has taken over", () -> !home.primary(ID).equals(before));
            load.awaitMore(200);
            assertThat(load.lost()).as("with the disk full").isEmpty();

            disk.makeRoom();
            home.awaitStreaming(ID, 2);
            home.awaitReady(ID, 2);
            Eventually.until(SOON, "it is over", () -> home.alerts("DiskNearlyFull").isEmpty());
            load.stop();
            assertThat(load.lost()).as("with room again").isEmpty();
        }
        assertThat(home.failovers(ID))
                .singleElement()
                .satisfies(
                        one -> {
                            assertThat(one.cause()).isEqualTo("automatic");
                            assertThat(one.dataLossBytes()).as("S7, S8").contains(0L);
                            assertThat(one.proof().orElse("")).as("S5").contains("confirmed");
                        });
    }

    /** Until Postgres ends because of it. */
    private static void useUpWal(Home home) {
        try (Connection session = home.connect(ID, false);
                Statement statement = session.createStatement()) {
            for (int i = 0; i < MOST; i++) {
                statement.execute(WAL);
            }
            throw new AssertionError("there was room for all of it");
        } catch (SQLException ended) {
            System.out.println("no room for WAL: " + ended.getMessage());
        }
    }
}
