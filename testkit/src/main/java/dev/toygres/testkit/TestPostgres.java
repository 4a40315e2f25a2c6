package dev.toygres.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One throw-away real Postgres for this JVM; it dies with the JVM and leaves nothing behind. */
public final class TestPostgres {
    private static final String PREFIX = "toygres-test-postgres-";
    private static final Object LOCK = new Object();
    private static @Nullable TestPostgres shared;

    private final PostgresTools tools = new PostgresTools();
    private final Path directory;
    private final int port;
    private volatile @Nullable Process server;

    private TestPostgres() {
        removeLeftovers();
        directory = makeDirectory();
        port = freePort();
        Runtime.getRuntime().addShutdownHook(new Thread(this::remove, "test-postgres-end"));
        initialise();
        start();
    }

    /** The server of this JVM, started on first use. */
    public static TestPostgres shared() {
        synchronized (LOCK) {
            if (shared == null) {
                shared = new TestPostgres();
            }
            return shared;
        }
    }

    /** A fresh, empty database on the shared server; an older one of that name is dropped. */
    public static TestDatabase database(String name) {
        shared().execute("drop database if exists \"" + name + "\" with (force)");
        shared().execute("create database \"" + name + "\"");
        return new TestDatabase(shared(), name);
    }

    /** Stops the server the hard way (as a crash would) and starts it again on the same port. */
    public void restart() {
        stop();
        start();
    }

    /** Makes the catalogue unreachable until {@link #start()}. */
    public void stop() {
        Process running = server;
        if (running != null) {
            server = null;
            signal(running, "QUIT");
            await(running);
        }
    }

    /** Starts the server again after {@link #stop()}. */
    public void start() {
        CountDownLatch started = new CountDownLatch(1);
        // The death signal is tied to the thread that starts the server, so that thread must last.
        Thread keeper = new Thread(() -> keep(started), "test-postgres");
        keeper.setDaemon(true);
        keeper.start();
        try {
            started.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Eventually.within(Duration.ofSeconds(30), () -> execute("select 1"));
    }

    public int port() {
        return port;
    }

    /** The process id of the postmaster. */
    public long pid() {
        Process running = server;
        if (running == null) {
            throw new IllegalStateException("the server is stopped");
        }
        return running.pid();
    }

    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(url("postgres"), "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private void initialise() {
        Path data = directory.resolve("data");
        tools.own(directory);
        List<String> arguments =
                List.of("-D", data.toString(), "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8");
        PostgresTools.run(tools.command("initdb", arguments), directory);
    }

    private void keep(CountDownLatch started) {
        try {
            Process process =
                    new ProcessBuilder(serverCommand())
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(
                                            directory.resolve("server.log").toFile()))
                            .start();
            server = process;
            started.countDown();
            await(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> serverCommand() {
        var settings = new ArrayList<>(List.of("-D", directory.resolve("data").toString()));
        settings.addAll(List.of("-p", Integer.toString(port), "-h", "127.0.0.1"));
        settings.addAll(List.of("-c", "unix_socket_directories=", "-c", "max_connections=300"));
        if (tools.has("pg_stat_statements")) {
            settings.addAll(List.of("-c", "shared_preload_libraries=pg_stat_statements"));
        }
        var command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
        List<String> plain = tools.command("postgres", settings);
        // One setpriv only: the death signal is forgotten when the user changes after it.
        command.addAll(plain.getFirst().equals("setpriv") ? plain.subList(1, plain.size()) : plain);
        return command;
    }

    private static void signal(Process process, String signal) {
        try {
            await(new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(Process process) {
        boolean interrupted = false;
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path makeDirectory() {
        try {
            return Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void remove() {
        stop();
        delete(directory);
    }

    /** A JVM that was killed could not tidy up: the next one does. */
    private static void removeLeftovers() {
        Path temp = Path.of(System.getProperty("java.io.tmpdir"));
        try (Stream<Path> entries = Files.list(temp)) {
            entries.filter(TestPostgres::isLeftover).forEach(TestPostgres::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isLeftover(Path path) {
        String name = path.getFileName().toString();
        if (!name.startsWith(PREFIX)) {
            return false;
        }
        String rest = name.substring(PREFIX.length());
        long pid = Long.parseLong(rest.substring(0, rest.indexOf('-')));
        return ProcessHandle.of(pid).isEmpty();
    }

    private static void delete(Path root) {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
