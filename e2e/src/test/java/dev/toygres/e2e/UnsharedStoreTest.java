package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A local directory that each host has for itself: after a failover nothing could be restored. */
@Tag("scenario")
class UnsharedStoreTest {
    @Test
    void aDirectoryThatTheReplicasHostDoesNotShareWasTaken() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root mounts");
        Path disk = place();
        Path another = place();
        open(Files.createDirectory(another.resolve("pg")));
        try (Home home = Home.up(2)) {
            startApart(home, "host-2", another, disk);
            home.create("pg");
            home.toygres("replica", "add", "pg", "pg-r1").succeeded();
            home.awaitReady("pg");
            String replica = home.hostOf("pg-r1");

            Launcher.Outcome refused = schedule(home, disk);

            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.errors())
                    .contains(
                            "(config.storage.path): host " + replica,
                            "the directory " + disk + "/pg on this host is not the one",
                            "mount one file system there");
            assertThat(another.resolve("pg")).as("not written to").isEmptyDirectory();
            assertThat(home.toygres("backup", "window", "pg").errors()).contains("has no backups");

            home.toygres("down", "--host", "host-2").succeeded();
            home.toygres("up", "--host", "host-2").succeeded();
            home.awaitReady("pg");
            schedule(home, disk).succeeded();
        } finally {
            new LocalStore(disk).close();
            new LocalStore(another).close();
        }
    }

    private static Launcher.Outcome schedule(Home home, Path disk) {
        return home.toygres("backup", "schedule", "pg", "--path", disk + "/pg");
    }

    private static Path place() throws IOException {
        return open(Files.createTempDirectory("toygres-unshared"));
    }

    /** To whoever the hosts run as. */
    private static Path open(Path place) throws IOException {
        return Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /** It has another disk where the other hosts have that one. */
    private static void startApart(Home home, String host, Path another, Path disk) {
        home.toygres("down", "--host", host).succeeded();
        String line = "mount --bind %s %s && exec \"$@\"".formatted(another, disk);
        new Launcher(home.directory(), List.of("unshare", "--mount", "sh", "-c", line, "sh"))
                .run("up", "--host", host)
                .succeeded();
    }
}
