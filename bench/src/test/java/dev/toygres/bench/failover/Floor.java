package dev.toygres.bench.failover;

import dev.toygres.bench.ServiceUser;
import dev.toygres.e2e.Home;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * What Postgres itself needs: two plain servers on the same disk, switched by hand, with nothing
 * between them and their clients. CHECKPOINT, fast stop, promote.
 */
final class Floor implements AutoCloseable {
    private static final String BIN = "/usr/lib/postgresql/15/bin/";
    private static final Duration SOON = Duration.ofSeconds(60);

    private final ServiceUser user;
    private final Path directory;
    private final int[] ports = {freePort(), freePort()};
    private final Process[] servers = new Process[2];
    private int primary;

    /**
     * @param parent a directory that the service user can reach, on the disk that is measured
     */
    Floor(Path parent) throws IOException {
        user = ServiceUser.in(parent, "floor");
        directory = user.directory();
        user.run(BIN + "initdb", "-D", data(0), "-U", "postgres", "-A", "trust", "-k");
        configure(0);
        start(0);
        user.run(
                BIN + "pg_basebackup",
                "-D",
                data(1),
                "-p",
                "" + ports[0],
                "-h",
                "127.0.0.1",
                "-U",
                "postgres",
                "-c",
                "fast");
        configure(1);
        follow(1);
    }

    private String data(int server) {
        return directory.resolve("data" + server).toString();
    }

    private void configure(int server) throws IOException {
        Files.writeString(
                Path.of(data(server), "postgresql.auto.conf"),
                """
                port = %d
                listen_addresses = '127.0.0.1'
                unix_socket_directories = ''
                shared_buffers = '128MB'
                wal_log_hints = on
                wal_keep_size = '512MB'
                wal_retrieve_retry_interval = '100ms'
                primary_conninfo = 'host=127.0.0.1 port=%d user=postgres'
                """
                        .formatted(ports[server], ports[1 - server]),
                StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** The postmaster itself: pg_ctl would look every 100 ms only. */
    private void start(int server) throws IOException {
        servers[server] = user.start("log" + server, BIN + "postgres", "-D", data(server));
        Eventually.until(SOON, "server " + server + " answers", () -> answers(server));
    }

    private boolean answers(int server) {
        try (Connection connection = connect(server)) {
            return connection.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private void follow(int server) throws IOException {
        user.run("touch", Path.of(data(server), "standby.signal").toString());
        start(server);
        Eventually.until(SOON, "it streams", () -> isStreaming(1 - server));
    }

    private boolean isStreaming(int from) {
        try (Connection connection = connect(from);
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")) {
            return rows.next() && rows.getInt(1) == 1;
        } catch (SQLException notYet) {
            return false;
        }
    }

    private Connection connect(int server) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres&sslmode=disable"
                        .formatted(ports[server]));
    }

    /** The gap of one switch, as the probe sees it; afterwards both are as before, exchanged. */
    Probe.Seen switchOver() throws IOException, SQLException, InterruptedException {
        String dsn =
                "host=127.0.0.1,127.0.0.1 port=%d,%d user=postgres dbname=postgres target_session_attrs=read-write"
                        .formatted(ports[0], ports[1]);
        int old = primary;
        try (Connection there = connect(old);
                Connection heir = connect(1 - old);
                Statement before = there.createStatement();
                Statement after = heir.createStatement()) {
            Probe probe = Probe.on(directory, dsn, "failover_probe", SwitchoverBenchmark.RATE);
            probe.event();
            before.execute("CHECKPOINT");
            Home.signal(servers[old].pid(), "INT");
            servers[old].waitFor();
            after.execute("SELECT pg_promote(wait => false)");
            primary = 1 - old;
            Probe.Seen seen = probe.seen();
            follow(old);
            return seen;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException cause) {
            throw new AssertionError(cause);
        }
    }

    @Override
    public void close() throws IOException {
        for (Process server : servers) {
            if (server != null && server.isAlive()) {
                Home.signal(server.pid(), "QUIT");
                server.onExit().join();
            }
        }
        user.delete(directory);
    }
}
