package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.toygres.api.Alert;
import dev.toygres.api.Backup;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A store that takes nothing for a while (R4.53, P52): who writes is not kept from it, the alert
 * says why, and when it takes WAL again nothing is missing.
 */
@Tag("scenario")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoreOutageTest {
    /** The archiver asks a store that fails once a minute only. */
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    private static final String ROWS = "select count(*) || ', ' || max(id) from rows";

    private Home home;

    @BeforeAll
    void up() {
        home = Home.up(1);
    }

    @AfterAll
    void down() throws IOException {
        home.close();
    }

    @Test
    void p52AFullStoreIsNamedAndCatchesUpOnceThereIsRoom() throws Exception {
        assumeTrue(
                System.getProperty("user.name").equals("root"), "only root mounts a small store");
        Path place = Files.createTempDirectory("toygres-full");
        Command.run("mount", "-t", "tmpfs", "-o", "size=128m,mode=777", "store", place.toString());
        try {
            home.create("full");
            home.toygres("backup", "schedule", "full", "--path", place + "/full").succeeded();
            begin("full");
            Path ballast = place.resolve("ballast");
            fill(ballast);

            write("full");
            Launcher.Outcome backup = home.toygres("backup", "create", "full");
            assertThat(backup.exitCode()).isEqualTo(1);
            assertThat(backup.errors())
                    .contains(place + "/full is full: make room there", "MB of room left");
            assertThat(backups("full"))
                    .extracting(Backup::state)
                    .containsExactly("Failed", "Available");
            tellsOf("full", "config.storage.path", "is full: make room", "No space left on device");

            Files.delete(ballast);
            catchesUp("full");
            restores("full");
        } finally {
            Command.run("umount", "--lazy", place.toString());
            Files.delete(place);
        }
    }

    @Test
    void d14CredentialsThatTheStoreRefusesAreNamedAndNewOnesAreTaken() throws Exception {
        try (S3Server s3 = S3Server.start()) {
            home.create("locked");
            secret("keys", S3Server.CREDENTIALS);
            home.toygres(
                            "backup",
                            "schedule",
                            "locked",
                            "--bucket",
                            S3Server.BUCKET,
                            "--endpoint",
                            s3.endpoint(),
                            "--credentials",
                            "keys",
                            "--store-ca",
                            s3.authority().toString())
                    .succeeded();
            begin("locked");
            String others = "AKIAOTHER:another-secret";
            s3.down();
            s3.up(others);

            write("locked");
            tellsOf("locked", "credentialsRef", "the secret keys", "does not accept");
            failsMeanwhile("locked", "the secret keys");

            secret("keys", others);
            catchesUp("locked");
            restores("locked");
        }
    }

    /** D14: a session that was good when the store was set up, and runs out by itself. */
    @Test
    void d14CredentialsThatRunOutAreNamedAndNewOnesAreTakenWithoutAGap() throws Exception {
        try (S3Server s3 = S3Server.start();
                SessionStore sessions = SessionStore.before(s3)) {
            home.create("brief");
            secret("session", S3Server.CREDENTIALS + ":first-token");
            schedule(sessions, s3).succeeded();
            begin("brief");
            sessions.expire("first-token");

            write("brief");
            tellsOf("brief", "credentialsRef", "the secret session", "have expired");
            failsMeanwhile("brief", "have expired");
            assertThat(schedule(sessions, s3).errors())
                    .as("set up with what has expired")
                    .contains("credentialsRef", "have expired");

            secret("session", S3Server.CREDENTIALS + ":second-token");
            catchesUp("brief");
            restores("brief");
        }
    }

    private Launcher.Outcome schedule(SessionStore sessions, S3Server s3) {
        return home.toygres(
                "backup",
                "schedule",
                "brief",
                "--bucket",
                S3Server.BUCKET,
                "--endpoint",
                sessions.endpoint(),
                "--credentials",
                "session",
                "--store-ca",
                s3.authority().toString());
    }

    /** What is not mounted is an empty directory, to which anybody may write. */
    @Test
    void p52AStoreThatWasNotMountedWasBegunAnewInItsMountPoint() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root mounts");
        Path disk = place("toygres-disk");
        Path mount = place("toygres-mount");
        Command.run("mount", "--bind", disk.toString(), mount.toString());
        try {
            home.create("away");
            home.toygres("backup", "schedule", "away", "--path", mount.toString()).succeeded();
            begin("away");
            Command.run("umount", mount.toString());

            write("away");
            tellsOf("away", "config.storage.path", "what was begun in " + mount, "is it mounted?");
            for (String type : List.of("full", "logical")) {
                assertThat(home.toygres("backup", "create", "away", "--type", type).errors())
                        .contains("what was begun in " + mount, "is it mounted");
            }
            Launcher.Outcome anew =
                    home.toygres("backup", "schedule", "away", "--path", mount.toString());
            assertThat(anew.exitCode()).isEqualTo(1);
            assertThat(anew.errors()).contains("what was begun in " + mount);
            assertThat(backups("away"))
                    .extracting(Backup::state)
                    .containsExactly("Failed", "Failed", "Available");
            assertThat(mount).as("nothing is written beside the store").isEmptyDirectory();

            Command.run("mount", "--bind", disk.toString(), mount.toString());
            catchesUp("away");
            restores("away");
        } finally {
            Command.run("umount", "--lazy", mount.toString());
            Files.delete(mount);
            new LocalStore(disk).close();
        }
    }

    private static Path place(String name) throws IOException {
        Path place = Files.createTempDirectory(name);
        return Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private void begin(String id) throws Exception {
        Sql.execute(home, id, "create table rows as select generate_series(1, 100) as id");
        home.toygres("backup", "create", id).succeeded();
    }

    /** More than one segment. */
    private void write(String id) throws Exception {
        Sql.execute(
                home,
                id,
                "create table filler as select repeat(md5(i::text), 40) from generate_series(1,"
                        + " 30000) i");
        Sql.execute(home, id, "insert into rows values (101)");
    }

    private static void fill(Path file) throws IOException {
        byte[] block = new byte[1 << 16];
        try (var out = Files.newOutputStream(file)) {
            while (file.toFile().getUsableSpace() > 0) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private void tellsOf(String id, String... words) {
        Eventually.within(
                PATIENCE,
                () ->
                        assertThat(alerts(id, "StoreUnreachable"))
                                .singleElement()
                                .asString()
                                .contains(words));
    }

    /** Failed, with the reason, and never good. */
    private void failsMeanwhile(String id, String words) {
        assertThat(home.toygres("backup", "create", id).exitCode()).isEqualTo(1);
        assertThat(backups(id)).extracting(Backup::state).containsExactly("Failed", "Available");
        assertThat(alerts(id, "BackupFailed")).singleElement().asString().contains(words);
    }

    private void catchesUp(String id) throws Exception {
        Sql.execute(home, id, "insert into rows values (102)");
        Instant written = Sql.time(home, id);
        Eventually.within(
                PATIENCE,
                () -> {
                    assertThat(alerts(id, "StoreUnreachable")).isEmpty();
                    assertThat(alerts(id, "ArchiveBehind")).isEmpty();
                });
        home.toygres("backup", "point", id, "back").succeeded();
        try (ToygresClient client = home.client()) {
            var window = client.getRestoreWindow(id);
            assertThat(window.gaps()).isEmpty();
            assertThat(window.latest().orElseThrow()).isAfter(written);
        }
    }

    /** From the backup before, through all that waited; and the next backup is a good one. */
    private void restores(String id) throws Exception {
        home.toygres("restore", id, "--to-new", id + "-copy", "--size", "nano", "--name", "back")
                .succeeded();
        assertThat(Sql.ask(home, id + "-copy", ROWS)).isEqualTo("102, 102");
        assertThat(Sql.ask(home, id + "-copy", "select count(*) from filler")).isEqualTo("30000");
        home.toygres("backup", "create", id).succeeded();
        assertThat(alerts(id, "BackupFailed")).isEmpty();
        home.toygres("delete", id + "-copy").succeeded();
        home.toygres("delete", id).succeeded();
    }

    private List<Backup> backups(String id) {
        try (ToygresClient client = home.client()) {
            return client.listBackups(id, ListQuery.first()).items();
        }
    }

    private List<String> alerts(String id, String kind) {
        try (ToygresClient client = home.client()) {
            return client.listAlerts(ListQuery.first().where("instanceId", id)).items().stream()
                    .filter(one -> one.kind().equals(kind) && one.resolvedAt().isEmpty())
                    .map(Alert::message)
                    .toList();
        }
    }

    private void secret(String name, String value) throws IOException {
        Path file = Files.createTempFile("toygres", ".secret");
        Files.writeString(file, value);
        home.toygres("secret", "set", name, "--file", file.toString()).succeeded();
        Files.delete(file);
    }
}
