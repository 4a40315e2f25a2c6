package dev.toygres.cli.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {
    @TempDir private Path directory = Path.of("");
    private Home home = new Home(directory);

    @BeforeEach
    void makeHome() throws IOException {
        home = new Home(directory.toRealPath());
        Files.createDirectories(home.run());
        Files.createDirectories(home.logs());
    }

    /** A process whose command line says whatever the test wants it to. */
    private long start(String process, String... words) {
        var command = new java.util.ArrayList<>(List.of("sh", "-c", "sleep 60 & wait", "sh"));
        command.addAll(List.of(words));
        return new Launch(home, ServiceUser.themselves())
                .start(command, Map.of(), home.log(process), home.pidFile(process));
    }

    private String[] marks(String process) {
        return OurProcess.marks(home, process).toArray(String[]::new);
    }

    @Test
    void findsAndStopsItsOwn() {
        long pid = start("server", marks("server"));

        var found = OurProcess.daemon(home, "server").orElseThrow();

        assertThat(found.pid()).isEqualTo(pid);
        found.stop(Duration.ofSeconds(5));
        assertThat(OurProcess.daemon(home, "server")).isEmpty();
    }

    /** Process 1 of a container buries late; {@code down} waited for it. */
    @Test
    void aZombieIsGone() throws IOException, InterruptedException {
        // Its parent, which never buries it, is stopped.
        Path file = home.pidFile("server");
        var parent =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "sleep 60 & echo $! >" + file + "; kill -STOP $$; sleep 60")
                        .start();
        try {
            var child = awaitProcess(file);

            child.stop(Duration.ofSeconds(5));

            assertThat(ProcessHandle.of(child.pid())).isPresent();
            assertThat(child.isGoneWithin(Duration.ZERO)).isTrue();
        } finally {
            parent.destroyForcibly();
        }
    }

    /** Its Postgres was gone, and no pid file names it. */
    @Test
    void whoPushedWalOutlivedDown() throws IOException, InterruptedException {
        Path outside = Files.createTempDirectory("toygres-other");
        Path ours = home.host("host-1").resolve("members/pg-m1/backup/archive.conf");
        var engine = engine(ours);
        var stranger = engine(outside.resolve("archive.conf"));
        try {
            new Members(home).stop();

            assertThat(engine.waitFor(10, TimeUnit.SECONDS)).as("gone").isTrue();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            engine.destroyForcibly();
            stranger.destroyForcibly();
            Files.delete(outside.resolve("archive.conf"));
            Files.delete(outside);
        }
    }

    private static Process engine(Path configuration) throws IOException {
        Files.createDirectories(configuration.resolveSibling("."));
        Files.writeString(configuration, "");
        var process =
                new ProcessBuilder(
                                "bash",
                                "-c",
                                "exec -a pgbackrest tail -f \"$0\"",
                                configuration.toString())
                        .start();
        for (int attempt = 0; attempt < 500; attempt++) {
            if (OurProcess.commandLine(process.pid()).contains("pgbackrest")) {
                return process;
            }
            Pause.of(Duration.ofMillis(20));
        }
        throw new AssertionError("it does not come up");
    }

    private static OurProcess awaitProcess(Path file) {
        for (int attempt = 0; attempt < 500; attempt++) {
            var found = OurProcess.find(file, words -> words.contains("60"));
            if (found.isPresent()) {
                return found.get();
            }
            Pause.of(Duration.ofMillis(20));
        }
        throw new AssertionError("no process in " + file);
    }

    @Test
    void leavesAloneWhatOnlyHasThePidOfOne() throws IOException {
        long pid = start("server", "-Dtoygres.home=/somewhere/else", "-Dtoygres.process=server");

        assertThat(OurProcess.daemon(home, "server")).isEmpty();

        Files.writeString(home.pidFile("agent-host-1"), pid + "\n");
        assertThat(OurProcess.daemon(home, "agent-host-1")).isEmpty();
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void aPidFileWithNonsenseNamesNobody() throws IOException {
        Files.writeString(home.pidFile("server"), "what?");

        assertThat(OurProcess.daemon(home, "server")).isEmpty();
    }

    @Test
    void aDaemonKnowsNothingOfTheShellThatStartedIt() throws IOException {
        var launch = new Launch(home, ServiceUser.themselves());

        launch.start(
                List.of("sh", "-c", "env; ps -o sid= -p $$; echo pid $$; echo done"),
                Map.of("GIVEN", "yes"),
                home.log("x"),
                home.pidFile("x"));

        var log = home.log("x");
        for (int i = 0; i < 200 && !Files.readString(log).contains("done"); i++) {
            Pause.of(Duration.ofMillis(20));
        }
        String said = Files.readString(log);
        String pid = Files.readString(home.pidFile("x")).strip();
        assertThat(said).contains("GIVEN=yes", "pid " + pid).doesNotContain("MAVEN");
        assertThat(said.lines().map(String::strip)).contains(pid);
    }

    @Test
    void secretsAreRandomKeptAndPrivate() throws IOException {
        Files.createDirectories(home.secrets());
        var secrets = new Secrets(home, ServiceUser.themselves());

        String token = secrets.read(secrets.adminToken());

        assertThat(token).matches("tg_[A-Za-z0-9_-]{43}");
        assertThat(secrets.read(secrets.adminToken())).isEqualTo(token);
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(secrets.adminToken())))
                .isEqualTo("rw-------");
    }

    @Test
    void aKeyAndItsRequestAreMade() {
        var made = HostKey.create("host-1");

        assertThat(made.key()).startsWith("-----BEGIN PRIVATE KEY-----\n");
        assertThat(made.certificateRequest()).startsWith("-----BEGIN CERTIFICATE REQUEST-----\n");
        assertThat(made.toString()).doesNotContain("KEY-");
    }
}
