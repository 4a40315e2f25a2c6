package dev.toygres.e2e;

import dev.toygres.api.Alert;
import dev.toygres.api.AutoFailoverStatus;
import dev.toygres.api.CreateInstanceRequest;
import dev.toygres.api.Credentials;
import dev.toygres.api.FailoverStatus;
import dev.toygres.api.HealthCheck;
import dev.toygres.api.Instance;
import dev.toygres.api.Member;
import dev.toygres.api.Operation;
import dev.toygres.api.OperationState;
import dev.toygres.api.Replica;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One installation, brought up for a test class and gone after it with all that it made. */
public final class Home implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(90);

    private final Path directory;
    private final Launcher launcher;

    private Home(Path directory, List<String> before) {
        this.directory = directory;
        this.launcher = new Launcher(directory, before);
    }

    /** Up, with so many hosts. */
    public static Home up(int hosts, String... more) {
        Home home = empty();
        String[] arguments = new String[more.length + 3];
        arguments[0] = "up";
        arguments[1] = "--hosts";
        arguments[2] = String.valueOf(hosts);
        System.arraycopy(more, 0, arguments, 3, more.length);
        home.launcher.run(arguments).succeeded();
        return home;
    }

    public static Home empty() {
        return empty(List.of());
    }

    /**
     * @param before see {@link Launcher#Launcher(Path, List)}
     */
    public static Home empty(List<String> before) {
        try {
            Path parent = Files.createTempDirectory("toygres-e2e-");
            return new Home(parent.resolve("home"), before);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Up, with a server that other machines reach, and no host. */
    public static Home serving(Network network, int machine) {
        Home home = empty(network.on(machine));
        home.serve(network, machine);
        return home;
    }

    /** Up, with a server alone: its hosts have homes of their own, and do not start with it. */
    public static Home servingAlone() {
        Home home = empty();
        home.toygres("up", "--address", "127.0.0.1", "--hosts", "0").succeeded();
        return home;
    }

    /** The same, of one that is not up yet. */
    public void serve(Network network, int machine) {
        toygres("up", "--address", network.address(machine), "--hosts", "0").succeeded();
    }

    /** Another machine becomes a host of this installation, as {@code host-<machine>}. */
    public Home join(Network network, int machine) throws IOException {
        return join(network.on(machine), machine, network.address(machine));
    }

    /** The same, on this machine, at 127.0.0.{@code number}. */
    public Home join(int number) throws IOException {
        return join(List.of(), number, "127.0.0." + number);
    }

    private Home join(List<String> before, int number, String address) throws IOException {
        Home home = empty(before);
        Path token = home.directory.resolveSibling("token");
        Files.writeString(token, toygres("host", "token").succeeded().output());
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "host",
                                "join",
                                "host-" + number,
                                "--address",
                                address,
                                "--availability-zone",
                                "zone-" + number,
                                "--join-token-file",
                                token.toString(),
                                "--server",
                                config("server")));
        authority().ifPresent(path -> words.addAll(List.of("--ca", path)));
        home.toygres(words.toArray(String[]::new)).succeeded();
        return home;
    }

    /** Empty where nothing leaves this machine. */
    private Optional<String> authority() {
        return Optional.of(config("ca")).filter(path -> !path.isEmpty() && !path.equals("null"));
    }

    public Path directory() {
        return directory;
    }

    public Launcher launcher() {
        return launcher;
    }

    public Launcher.Outcome toygres(String... arguments) {
        return launcher.run(arguments);
    }

    /** Begins an operation, and answers it. */
    String begin(String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--no-wait", "-o", "json"));
        String output = toygres(words.toArray(String[]::new)).succeeded().output();
        return output.replaceFirst("(?s).*?\"id\"\\s*:\\s*\"([^\"]+)\".*", "$1");
    }

    public ToygresClient client() {
        var builder = ToygresClient.builder().server(config("server")).token(config("token"));
        authority()
                .map(Path::of)
                .filter(Files::exists)
                .ifPresent(path -> builder.authority(read(path)));
        return builder.build();
    }

    /** A value of config.yaml. */
    public String config(String key) {
        return read(directory.resolve("config.yaml"))
                .lines()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.substring(key.length() + 1).strip().replaceAll("^\"|\"$", ""))
                .findFirst()
                .orElse("");
    }

    public long pid(String name) {
        return Long.parseLong(
                read(directory.resolve("run").resolve(name + ".pid"))
                        .lines()
                        .findFirst()
                        .orElse("0"));
    }

    public Path member(String hostId, String memberId) {
        return directory.resolve("hosts").resolve(hostId).resolve("members").resolve(memberId);
    }

    /** The first line of postmaster.pid, as an operator would read it. */
    public long postmaster(String hostId, String memberId) {
        Path file = member(hostId, memberId).resolve("data").resolve("postmaster.pid");
        return Long.parseLong(read(file).lines().findFirst().orElse("0"));
    }

    /** The host that has its data. */
    public String hostOf(String memberId) {
        try (Stream<Path> hosts = Files.list(directory.resolve("hosts"))) {
            return hosts.map(host -> host.getFileName().toString())
                    .filter(host -> Files.exists(member(host, memberId).resolve("data")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All of its processes, the postmaster last: so its children are found, and none is new. */
    public List<Long> postgres(String memberId) {
        return family(postmaster(hostOf(memberId), memberId));
    }

    /** All of its processes hang from now on; answers who that is. */
    public List<Long> freeze(String memberId) {
        List<Long> all = postgres(memberId);
        // Some end by themselves meanwhile.
        kill(words(all), "STOP");
        return all;
    }

    private static String words(List<Long> pids) {
        return pids.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private static List<Long> family(long postmaster) {
        List<Long> all = new ArrayList<>();
        ProcessHandle.of(postmaster).orElseThrow().descendants().forEach(one -> all.add(one.pid()));
        all.add(postmaster);
        return all;
    }

    /** Its process of that kind, such as {@code walreceiver}. */
    public long process(String memberId, String kind) {
        return postgres(memberId).stream()
                .filter(pid -> title(pid).contains(kind))
                .findFirst()
                .orElseThrow(() -> new AssertionError(memberId + " has no " + kind));
    }

    /** Its command line, with a 0 behind each word. */
    static String title(long pid) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(pid), "cmdline"));
        } catch (IOException gone) {
            return "";
        }
    }

    /** All processes of the catalogue that {@code up} runs, the postmaster last. */
    public List<Long> catalogue() {
        try (Stream<Path> files = Files.walk(directory.toRealPath().resolve("catalogue"), 2)) {
            Path pid =
                    files.filter(one -> one.endsWith("postmaster.pid")).findFirst().orElseThrow();
            return family(Long.parseLong(read(pid).lines().findFirst().orElse("0")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Instance create(String id) {
        try (ToygresClient client = client()) {
            client.createInstance(nano(id)).await();
            return client.getInstance(id);
        }
    }

    public Instance instance(String id) {
        try (ToygresClient client = client()) {
            return client.getInstance(id);
        }
    }

    /** The member that the catalogue calls its primary. */
    public String primary(String id) {
        return instance(id).primary().orElseThrow();
    }

    /** Of the host on which the member is. */
    public String address(String id, String member) {
        return instance(id).members().stream()
                .filter(one -> one.id().equals(member))
                .map(Member::host)
                .findFirst()
                .orElseThrow();
    }

    /** Newest first. */
    public List<FailoverStatus> failovers(String id) {
        try (ToygresClient client = client()) {
            return client.listFailovers(id, ListQuery.first()).items();
        }
    }

    /** What waits for somebody's word. */
    public List<Operation> questions() {
        try (ToygresClient client = client()) {
            return client.listOperations(ListQuery.first().limit(100)).items().stream()
                    .filter(one -> one.state() == OperationState.NeedsDecision)
                    .toList();
        }
    }

    /** Alerts of that kind that are not over. */
    public List<Alert> alerts(String kind) {
        try (ToygresClient client = client()) {
            return client.listAlerts(ListQuery.first().limit(500)).items().stream()
                    .filter(one -> one.kind().equals(kind) && one.resolvedAt().isEmpty())
                    .toList();
        }
    }

    /** Until so many replicas stream, and there are no others. */
    public void awaitStreaming(String id, int replicas) {
        Eventually.until(
                SOON,
                "%d replicas of %s stream".formatted(replicas, id),
                () -> {
                    List<String> states =
                            instance(id).replicas().stream().map(Replica::state).toList();
                    return states.size() == replicas
                            && states.stream().allMatch("Streaming"::equals);
                });
    }

    /** Until all is well and a replica would take over by itself. */
    public void awaitReady(String id) {
        Eventually.until(SOON, "a replica of %s would take over".formatted(id), () -> isReady(id));
    }

    /** The same, also where its primary's host is lost: so many electors vouch for it (S4). */
    public void awaitReady(String id, int electors) {
        Eventually.until(
                SOON,
                "%d electors of %s would let one of them take over".formatted(electors, id),
                () ->
                        isReady(id)
                                && isStreaming(id)
                                && instance(id).electorate().size() == electors);
    }

    private boolean isReady(String id) {
        try (ToygresClient client = client()) {
            return client.getInstance(id).state().equals("Running")
                    && isArmed(client.getAutoFailover(id))
                    && client.getHealth(id).members().stream().allMatch(HealthCheck::healthy);
        }
    }

    /** All of its replicas. */
    public boolean isStreaming(String id) {
        return instance(id).replicas().stream().allMatch(one -> one.state().equals("Streaming"));
    }

    private static boolean isArmed(AutoFailoverStatus status) {
        return status.now().action().equals("Nothing")
                && status.ifPrimaryDied().action().equals("FailOver");
    }

    public static CreateInstanceRequest nano(String id) {
        return new CreateInstanceRequest(
                id,
                Optional.empty(),
                Optional.of("nano"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** As an application would connect: TLS against the instance's CA. */
    public Connection connect(String id, boolean pooled) throws SQLException {
        try (ToygresClient client = client()) {
            Credentials credentials = client.getCredentials(id);
            var endpoints = client.getInstance(id).endpoints().orElseThrow();
            var address = pooled ? endpoints.pooled() : endpoints.readWrite();
            return connect(credentials, address.host(), address.port());
        }
    }

    public static Connection connect(Credentials credentials, String host, int port)
            throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", credentials.username());
        properties.setProperty("password", credentials.password());
        properties.setProperty("sslmode", "verify-ca");
        properties.setProperty("sslfactory", "org.postgresql.ssl.SingleCertValidatingFactory");
        properties.setProperty("sslfactoryarg", credentials.caCertificate());
        properties.setProperty("prepareThreshold", "0");
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("socketTimeout", "60");
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%d/%s".formatted(host, port, credentials.database()),
                properties);
    }

    /** kill -9, of a process that this home started. */
    public static void kill9(long pid) {
        signal(pid, "KILL");
        Eventually.until(Duration.ofSeconds(20), "pid " + pid + " is gone", () -> !alive(pid));
    }

    /** All of a host dies at once; of several, one right after the other. */
    public void killHost(String... hostIds) {
        List<Long> all = Stream.of(hostIds).flatMap(id -> signalHost(id, "KILL").stream()).toList();
        Eventually.until(
                Duration.ofSeconds(20),
                String.join(", ", hostIds) + " is gone",
                () -> all.stream().noneMatch(Home::alive));
    }

    /** To whatever has its directory in its command line, or works in it; answers who that is. */
    public List<Long> signalHost(String hostId, String name) {
        Path place = real().resolve("hosts").resolve(hostId);
        try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
            List<Long> all =
                    processes
                            .map(ProcessHandle::pid)
                            .filter(pid -> title(pid).contains(place + "/") || worksIn(pid, place))
                            // Guards start an agent again, so they go first.
                            .sorted(Comparator.comparing(pid -> !title(pid).contains("guard\0")))
                            .toList();
            // Some end by themselves meanwhile.
            kill(words(all), name);
            return all;
        }
    }

    Path real() {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean worksIn(long pid, Path place) {
        try {
            return Path.of("/proc", String.valueOf(pid), "cwd").toRealPath().startsWith(place);
        } catch (IOException gone) {
            return false;
        }
    }

    public static void signal(long pid, String name) {
        if (kill(String.valueOf(pid), name) != 0) {
            throw new AssertionError("kill -" + name + " " + pid + " failed");
        }
    }

    private static int kill(String pids, String name) {
        try {
            return new ProcessBuilder("sh", "-c", "kill -" + name + " " + pids)
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** A zombie that process 1 has not reaped yet is not alive. */
    public static boolean alive(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException gone) {
            return false;
        }
    }

    public static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        launcher.run("down").succeeded();
        try {
            if (Files.exists(directory)) {
                Path real = directory.toRealPath();
                delete(real);
            }
            delete(directory.resolve("..").normalize());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        Files.walkFileTree(
                tree,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @org.jspecify.annotations.Nullable IOException fault)
                            throws IOException {
                        Files.delete(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
