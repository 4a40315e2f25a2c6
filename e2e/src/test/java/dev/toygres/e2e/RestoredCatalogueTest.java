package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * S1: the catalogue comes back from a backup that knows nothing of two failovers, while clients go
 * on writing. Expected: nobody but the primary ever takes writes, the catalogue learns who that is,
 * says so, and everything can be done again: a switchover, and an automatic failover.
 */
@Tag("scenario")
class RestoredCatalogueTest {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String ID = "pg";

    @Test
    void aCatalogueFromBeforeTwoFailoversLearnsWhoIsPrimary() throws Exception {
        try (Home home = Home.up(3)) {
            home.create(ID);
            home.toygres("replica", "add", ID, "pg-r1", "--mode", "sync").succeeded();
            home.toygres("replica", "add", ID, "pg-r2", "--mode", "async").succeeded();
            home.awaitStreaming(ID, 2);
            Path backup = backUp(home);
            home.toygres("failover", ID, "--to", "pg-r1", "--wait").succeeded();
            home.awaitStreaming(ID, 2);
            home.toygres("failover", ID, "--to", "pg-r2", "--wait").succeeded();
            home.awaitStreaming(ID, 2);
            long postmaster = home.postmaster(home.hostOf("pg-r2"), "pg-r2");

            try (Load load = Load.on(home, ID, false)) {
                load.awaitMore(100);
                restore(home, backup);

                Eventually.until(
                        SOON,
                        "the catalogue knows the primary",
                        () -> home.primary(ID).equals("pg-r2") && home.instance(ID).term() >= 3);
                home.awaitStreaming(ID, 2);
                load.awaitMore(100);
                assertThat(home.postmaster(home.hostOf("pg-r2"), "pg-r2"))
                        .as("nobody has touched it")
                        .isEqualTo(postmaster);
                assertThat(home.toygres("alerts", "--all").output())
                        .contains("restored from a backup", "pg-r2 takes the writes");

                home.toygres("failover", ID, "--to", "pg-m1", "--wait").succeeded();
                home.awaitStreaming(ID, 2);
                home.awaitReady(ID);
                Home.kill9(home.postmaster(home.hostOf("pg-m1"), "pg-m1"));
                Eventually.until(
                        SOON, "a replica has taken over", () -> !home.primary(ID).equals("pg-m1"));
                home.awaitStreaming(ID, 2);
                load.awaitMore(100);
                load.stop();
                assertThat(load.lost()).isEmpty();
            }
            assertThat(home.instance(ID).term()).isEqualTo(5);
        }
    }

    /** As with everything stopped: agents and members go on. */
    private static Path backUp(Home home) throws Exception {
        stopServerAndCatalogue(home);
        Path data = home.directory().toRealPath().resolve("catalogue");
        Path backup = data.resolveSibling("catalogue-backup");
        copy(data, backup);
        home.toygres("up").succeeded();
        return backup;
    }

    private static void restore(Home home, Path backup) throws Exception {
        stopServerAndCatalogue(home);
        Path data = home.directory().toRealPath().resolve("catalogue");
        run("rm", "-rf", data.toString());
        copy(backup, data);
        home.toygres("up").succeeded();
    }

    private static void stopServerAndCatalogue(Home home) {
        Home.kill9(home.pid("server"));
        List<Long> all = home.catalogue();
        Home.signal(all.getLast(), "INT");
        Eventually.until(SOON, "the catalogue is down", () -> all.stream().noneMatch(Home::alive));
    }

    private static void copy(Path from, Path to) throws Exception {
        run("cp", "-a", from.toString(), to.toString());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
