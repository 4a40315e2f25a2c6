package dev.toygres.cli.house;

import dev.toygres.cli.CommandFailed;
import dev.toygres.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The embedded catalogue: a Postgres of our own, reachable from this machine only. */
final class Catalogue {
    private static final String USER = "toygres";
    private static final String DATABASE = "toygres";
    private static final int START_ATTEMPTS = 20;

    private final Home home;
    private final ServiceUser user;
    private final Secrets secrets;

    Catalogue(Home home, ServiceUser user, Secrets secrets) {
        this.home = home;
        this.user = user;
        this.secrets = secrets;
    }

    Path data() {
        return home.catalogue().resolve("data");
    }

    /** The postmaster, if it runs: Postgres keeps its pid file itself. */
    Optional<OurProcess> process() {
        return OurProcess.find(
                data().resolve("postmaster.pid"),
                words -> words.contains("-D") && words.contains(data().toString()));
    }

    /** A file with the URL and password, for the servers. */
    Path urlFile(int port) {
        Path file = home.secret(Secrets.CATALOGUE_URL);
        user.write(
                file,
                "postgresql://%s:%s@%s:%d/%s\n"
                        .formatted(
                                USER,
                                secrets.read(secrets.cataloguePassword()),
                                FreePorts.LOOPBACK,
                                port,
                                DATABASE));
        return file;
    }

    void start(int port) {
        if (process().isPresent()) {
            return;
        }
        if (!Files.isDirectory(data())) {
            create();
        }
        removeStrayLock();
        user.log(home.log("catalogue"));
        // Backends of a postmaster that was killed need a moment to notice.
        for (int attempt = 1; !tryStart(port); attempt++) {
            if (attempt == START_ATTEMPTS) {
                throw new CommandFailed(
                        ExitCode.FAILED,
                        "the catalogue does not start:\n" + LogTail.of(home.log("catalogue")));
            }
            Pause.of(Duration.ofMillis(500));
        }
    }

    private boolean tryStart(int port) {
        return Command.of(
                        user.prefix(),
                        Postgres.of(data()).resolve("pg_ctl").toString(),
                        "start",
                        "--wait",
                        "--timeout=60",
                        "--silent",
                        "--pgdata=" + data(),
                        "--log=" + home.log("catalogue"),
                        "--options=-p " + port)
                .succeeds();
    }

    void stop() {
        if (process().isEmpty()) {
            return;
        }
        Command.of(
                        user.prefix(),
                        Postgres.of(data()).resolve("pg_ctl").toString(),
                        "stop",
                        "--wait",
                        "--timeout=60",
                        "--silent",
                        "--mode=fast",
                        "--pgdata=" + data())
                .mustSucceed("stopping the catalogue");
    }

    /** In a directory beside it, which gets its name when all is done: a kill leaves no half. */
    private void create() {
        try {
            user.directory(home.catalogue(), "rwx------");
            Path fresh = home.catalogue().resolve("new");
            if (Files.exists(fresh)) {
                Tree.delete(fresh);
            }
            String bin = Postgres.newest().toString();
            Command.of(
                            user.prefix(),
                            bin + "/initdb",
                            "--no-sync",
                            "--data-checksums",
                            "--encoding=UTF8",
                            "--locale=C.UTF-8",
                            "--username=" + USER,
                            "--pwfile=" + secrets.cataloguePassword(),
                            "--auth=scram-sha-256",
                            "--pgdata=" + fresh)
                    .mustSucceed("initdb of the catalogue");
            user.write(fresh.resolve("postgresql.auto.conf"), settings());
            Command.of(
                            user.prefix(),
                            bin + "/postgres",
                            "--single",
                            "-D",
                            fresh.toString(),
                            "postgres")
                    .input("CREATE DATABASE " + DATABASE + "\n")
                    .mustSucceed("making the catalogue's database");
            Command.of(user.prefix(), bin + "/initdb", "--sync-only", "--pgdata=" + fresh)
                    .mustSucceed("writing the catalogue to disk");
            Files.move(fresh, data(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "cannot make the catalogue: " + e, e);
        }
    }

    private static String settings() {
        return """
        listen_addresses = '127.0.0.1'
        unix_socket_directories = ''
        max_connections = 200
        shared_buffers = '64MB'
        max_wal_size = '512MB'
        log_line_prefix = '%m [%p] %a '
        log_checkpoints = off
        """;
    }

    /**
     * After a reboot the pid in the lock may be another process's, and Postgres would wait for it
     * to go. The lock is removed only when no process at all works in the data directory.
     */
    private void removeStrayLock() {
        Path lock = data().resolve("postmaster.pid");
        try {
            if (Files.exists(lock) && nobodyWorksIn(data())) {
                Files.delete(lock);
            }
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "cannot remove " + lock + ": " + e, e);
        }
    }

    private static boolean nobodyWorksIn(Path directory) {
        return ProcessHandle.allProcesses()
                .map(handle -> Path.of("/proc", Long.toString(handle.pid()), "cwd"))
                .map(Catalogue::target)
                .noneMatch(List.of(directory)::contains);
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            return Path.of("");
        }
    }
}
