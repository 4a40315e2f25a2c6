package dev.toygres.bench.backup;

import dev.toygres.api.BackupConfig;
import dev.toygres.api.BackupScheduleConfig;
import dev.toygres.api.BackupStorage;
import dev.toygres.api.BackupType;
import dev.toygres.api.CreateBackupRequest;
import dev.toygres.api.RestoreInstanceConfig;
import dev.toygres.api.RestoreRequest;
import dev.toygres.api.RestoreTarget;
import dev.toygres.bench.failover.Clients;
import dev.toygres.client.ToygresClient;
import dev.toygres.e2e.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** Instances with backups in a directory, on the disk that is measured. */
final class BackedUp {
    static final Duration LONG = Duration.ofHours(1);

    private BackedUp() {}

    /**
     * A directory for the stores of its instances, which the service user can write; goes with it.
     */
    static Path store(Home home) throws IOException {
        Path store = Files.createTempDirectory(home.directory().toRealPath(), "store");
        Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rwxrwxrwx"));
        return store;
    }

    /** Of the engine, where the store is one instance's. */
    static Path repository(Path store) throws IOException {
        try (Stream<Path> places = Files.walk(store)) {
            return places.filter(one -> one.endsWith("physical")).findFirst().orElseThrow();
        }
    }

    /** Of the member that was backed up, which its configuration includes. */
    static Path settings(Home home, String id) {
        return home.member("host-1", id + "-m1").resolve("conf").resolve("toygres.conf");
    }

    /** Makes an instance, whose WAL is archived from now on. */
    static void create(Home home, ToygresClient client, String id, Path store) {
        home.create(id);
        Optional<String> none = Optional.empty();
        BackupStorage storage =
                new BackupStorage(
                        "Local",
                        Optional.of(store.resolve(id).toString()),
                        none,
                        none,
                        none,
                        none,
                        none,
                        none,
                        none,
                        none);
        client.putBackupSchedule(
                        id,
                        new BackupScheduleConfig(
                                "0 2 * * 0",
                                none,
                                none,
                                new BackupConfig(
                                        storage, Optional.empty(), Optional.empty(), none)))
                .await();
    }

    /** By pgbench, to this scale; nothing of it is left dirty. */
    static void fill(Home home, ToygresClient client, String id, int scale) throws Exception {
        pgbench(client, id, "-i", "-q", "-s", String.valueOf(scale));
        try (Connection connection = home.connect(id, false);
                Statement statement = connection.createStatement()) {
            statement.execute("vacuum");
        }
    }

    /** Through the read-write endpoint; answers what it said. */
    static String pgbench(ToygresClient client, String id, String... options) throws Exception {
        Clients clients = Clients.of(client, id, Files.createTempDirectory("toygres-bench"));
        try {
            return clients.pgbench(options);
        } finally {
            clients.remove();
        }
    }

    /** A full backup, verified and listed; answers its operation. */
    static String full(ToygresClient client, String id) {
        var operation =
                client.createBackup(
                        id,
                        new CreateBackupRequest(
                                new BackupType("Full", Optional.empty(), Optional.empty()),
                                Optional.empty()));
        operation.await(LONG);
        return operation.id();
    }

    /** To the latest, as a new instance, up to the answer of the first query. */
    static void restore(Home home, ToygresClient client, String source, String id) {
        client.startRestore(
                        new RestoreRequest(
                                Optional.empty(),
                                Optional.of(source),
                                new RestoreTarget(
                                        "NewInstance",
                                        id,
                                        Optional.of(
                                                new RestoreInstanceConfig(
                                                        Optional.empty(),
                                                        Optional.of("nano"),
                                                        Optional.empty(),
                                                        Optional.empty(),
                                                        Optional.empty())),
                                        Optional.empty()),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(true),
                                Optional.empty()))
                .await(LONG);
        try (Connection connection = home.connect(id, false);
                Statement statement = connection.createStatement()) {
            statement.execute("select 1");
        } catch (SQLException cause) {
            throw new AssertionError(cause);
        }
    }
}
