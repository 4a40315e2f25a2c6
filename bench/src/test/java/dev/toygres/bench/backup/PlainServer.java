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
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Postgres and the engine by hand, on the same disk: what there is to be compared with. */
final class PlainServer implements AutoCloseable {
    private static final String BIN = "/usr/lib/postgresql/15/bin/";
    private static final Duration SOON = Duration.ofSeconds(60);

    private final ServiceUser user;
    private final Path directory;
    private final int port;
    private final Process server;

    /**
     * @param parent a directory that the service user can reach, on the disk that is measured
     */
    PlainServer(Path parent) throws IOException {
        user = ServiceUser.in(parent, "plain");
        directory = user.directory();
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        user.run(BIN + "initdb", "-D", data(), "-U", "postgres", "-A", "trust", "-k");
        Files.writeString(
                Path.of(data(), "postgresql.auto.conf"),
                """
                port = %d
                listen_addresses = '127.0.0.1'
                unix_socket_directories = '%s'
                shared_buffers = '128MB'
                archive_mode = on
                archive_command = '/bin/true'
                """
                        .formatted(port, directory));
        server = user.start("log", BIN + "postgres", "-D", data());
        Eventually.until(SOON, "the plain server answers", this::answers);
        configure();
    }

    /** As the agent configures it, but for what a repository of its own needs. */
    private void configure() throws IOException {
        for (String place : List.of("repository", "lock", "logs", "spool")) {
            user.run("mkdir", directory.resolve(place).toString());
        }
        int processes = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);
        Files.writeString(
                directory.resolve("bare.conf"),
                """
                [global]
                repo1-path=%1$s/repository
                repo1-bundle=y
                repo1-retention-full=9999999
                expire-auto=n
                start-fast=y
                archive-check=n
                compress-type=zst
                compress-level=3
                process-max=%2$d
                lock-path=%1$s/lock
                log-path=%1$s/logs
                spool-path=%1$s/spool
                [main]
                pg1-path=%3$s
                pg1-port=%4$d
                pg1-socket-path=%1$s
                pg1-user=postgres
                """
                        .formatted(directory, processes, data(), port));
        engine("stanza-create");
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    private boolean answers() {
        try (Connection connection =
                DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres&sslmode=disable"
                                .formatted(port))) {
            return connection.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    void fill(int scale) throws IOException {
        user.run(
                "/usr/bin/pgbench",
                "-i",
                "-q",
                "-s",
                "" + scale,
                "-h",
                "127.0.0.1",
                "-p",
                "" + port,
                "-U",
                "postgres",
                "postgres");
    }

    /** A full backup by the bare engine; answers milliseconds. */
    long bareEngine() throws IOException {
        return timed(() -> engine("backup", "--type=full"));
    }

    private void engine(String... command) throws IOException {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                "pgbackrest",
                                "--config=" + directory.resolve("bare.conf"),
                                "--stanza=main",
                                "--log-level-console=warn"));
        line.addAll(List.of(command));
        user.run(line.toArray(String[]::new));
    }

    /** The same data by pg_basebackup, uncompressed tar to the same disk. */
    long baseBackup() throws IOException {
        String target = directory.resolve("base").toString();
        long millis =
                timed(
                        () ->
                                user.run(
                                        BIN + "pg_basebackup",
                                        "-D",
                                        target,
                                        "-Ft",
                                        "-c",
                                        "fast",
                                        "-h",
                                        "127.0.0.1",
                                        "-p",
                                        "" + port,
                                        "-U",
                                        "postgres"));
        user.delete(Path.of(target));
        return millis;
    }

    /** What is timed. */
    interface Work {
        void run() throws IOException;
    }

    static long timed(Work work) throws IOException {
        long began = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }

    @Override
    public void close() throws IOException {
        if (server.isAlive()) {
            Home.signal(server.pid(), "QUIT");
            server.onExit().join();
        }
        user.delete(directory);
    }
}
