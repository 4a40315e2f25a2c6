package dev.toygres.bench.backup;

import dev.toygres.bench.ServiceUser;
import dev.toygres.e2e.Home;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A restore by hand of what the product has stored: the engine fetches the newest backup, and
 * Postgres replays all the WAL that there is, with the engine's archive-get as the product has it.
 */
final class BareRestore {
    private static final String BIN = "/usr/lib/postgresql/15/bin/";
    private static final Duration LONG = Duration.ofMinutes(30);

    private BareRestore() {}

    /** Milliseconds until the backup lay there, and until all of it was replayed and answered. */
    record Took(long fetch, long replay) {}

    /**
     * @param repository of the engine
     * @param settings of the member that was backed up, which its configuration includes
     */
    static Took run(Path repository, Path settings) throws IOException {
        ServiceUser user = ServiceUser.in(Path.of("/var/tmp"), "bare-restore");
        Path data = user.directory().resolve("data");
        Path configuration = configure(user.directory(), repository, data);
        user.run("mkdir", "-m", "700", data.toString());
        Path own = Files.createDirectory(user.directory().resolve("conf"));
        Files.copy(settings, own.resolve(settings.getFileName()));
        user.own(own);
        long fetch =
                PlainServer.timed(
                        () ->
                                user.run(
                                        "pgbackrest",
                                        "--config=" + configuration,
                                        "--stanza=main",
                                        "--type=default",
                                        "--archive-mode=off",
                                        "restore"));
        try {
            return new Took(fetch, PlainServer.timed(() -> replay(user, data)));
        } finally {
            user.delete(user.directory());
        }
    }

    private static Path configure(Path directory, Path repository, Path data) throws IOException {
        Path file = directory.resolve("restore.conf");
        Files.writeString(
                file,
                """
                [global]
                repo1-path=%2$s
                archive-async=y
                archive-get-queue-max=1GiB
                process-max=%4$d
                lock-path=%1$s/lock
                log-path=%1$s
                spool-path=%1$s/spool
                [main]
                pg1-path=%3$s
                """
                        .formatted(
                                directory,
                                repository,
                                data,
                                Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4)));
        Files.writeString(directory.resolve("hba.conf"), "host all all 127.0.0.1/32 trust\n");
        return file;
    }

    private static void replay(ServiceUser user, Path data) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Process server =
                user.start(
                        "log",
                        BIN + "postgres",
                        "-D",
                        data.toString(),
                        "-p",
                        String.valueOf(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=" + user.directory(),
                        "-c",
                        "hba_file=" + user.directory().resolve("hba.conf"),
                        "-c",
                        "ssl=off",
                        "-c",
                        "archive_mode=off");
        try {
            Eventually.until(LONG, "all is replayed", () -> !server.isAlive() || isWritable(port));
            if (!server.isAlive()) {
                throw new AssertionError(Home.read(user.directory().resolve("log")));
            }
        } finally {
            if (server.isAlive()) {
                Home.signal(server.pid(), "QUIT");
                server.onExit().join();
            }
        }
    }

    private static boolean isWritable(int port) {
        try (Connection connection =
                        DriverManager.getConnection(
                                "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres&sslmode=disable"
                                        .formatted(port));
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("select not pg_is_in_recovery()")) {
            return answer.next() && answer.getBoolean(1);
        } catch (SQLException notYet) {
            return false;
        }
    }
}
