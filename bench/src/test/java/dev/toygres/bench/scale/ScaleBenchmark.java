package dev.toygres.bench.scale;

import dev.toygres.agentapi.AgentJson;
import dev.toygres.agentapi.tls.Identity;
import dev.toygres.agentapi.tls.Tls;
import dev.toygres.bench.Report;
import dev.toygres.e2e.Home;
import dev.toygres.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What it costs one server to watch many instances, each with two replicas: CPU, memory, whether
 * every host is asked every second, and how soon a death among so many is acted on. The instances
 * are copies of a real one, in the catalogue and on {@link SimulatedHosts}. Prints the rows of
 * docs/benchmarks/scale.md.
 */
@Tag("bench")
class ScaleBenchmark {
    private static final List<Integer> SIZES =
            Stream.of(System.getProperty("toygres.instances", "100,1000").split(","))
                    .map(Integer::valueOf)
                    .toList();

    private static final int PER_HOST = 20;
    private static final int DEATHS = 5;
    private static final Duration SECONDS =
            Duration.ofSeconds(Integer.getInteger("toygres.seconds", 60));
    private static final Duration SETTLE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String TEMPLATE = "tmplx";
    private static final long TICKS_PER_SECOND = 100;

    private final JsonMapper json = AgentJson.mapper();

    @Test
    void measure() throws Exception {
        Report.load("before");
        System.out.println(
                "| instances | hosts | server, percent of a core | its memory, MB | catalogue, percent of a core"
                        + " | simulation, percent of a core | asked every, ms: median, most"
                        + " | orders meanwhile | death to the first order, ms: median, most |");
        for (int instances : SIZES) {
            one(instances);
        }
        Report.load("after");
    }

    private void one(int instances) throws Exception {
        int count = Math.max(3, instances * 3 / PER_HOST);
        try (Home home = Home.up(3);
                SimulatedHosts hosts = new SimulatedHosts(count, tls(home));
                Connection catalogue = catalogue(home)) {
            template(home);
            copy(catalogue, hosts, instances, count);
            Thread.sleep(SETTLE);
            long server = cpu(home.pid("server"));
            long store = cpu(home.catalogue());
            long own = cpu(ProcessHandle.current().pid());
            long orders = hosts.orders();
            hosts.intervals();
            Thread.sleep(SECONDS);
            List<Long> asked = hosts.intervals().stream().sorted().toList();
            String row =
                    "| %d | %d | %d | %d | %d | %d | %d, %d | %d"
                            .formatted(
                                    instances,
                                    count,
                                    share(cpu(home.pid("server")) - server),
                                    residentMegabytes(home.pid("server")),
                                    share(cpu(home.catalogue()) - store),
                                    share(cpu(ProcessHandle.current().pid()) - own),
                                    Report.median(asked),
                                    asked.getLast(),
                                    hosts.orders() - orders);
            List<Long> reactions = reactions(hosts, instances, count);
            System.out.printf(
                    "%s | %d, %d |%n", row, Report.median(reactions), reactions.getLast());
        }
    }

    /** Of a process that another one may have started again; 100 is a whole core. */
    private static long share(long ticks) {
        return ticks * 100 / TICKS_PER_SECOND / SECONDS.toSeconds();
    }

    private static List<Long> reactions(SimulatedHosts hosts, int instances, int count) {
        return Stream.iterate(1, i -> i + 1)
                .limit(DEATHS)
                .map(i -> i * (instances / (DEATHS + 1)))
                .map(number -> reaction(hosts, number, count))
                .sorted()
                .toList();
    }

    private static long reaction(SimulatedHosts hosts, int number, int count) {
        String id = name(number);
        long began = System.nanoTime();
        hosts.die(number % count, id + "-m1");
        Eventually.until(SOON, id + " fails over", () -> hosts.firstOrder(id).isPresent());
        return (hosts.firstOrder(id).orElseThrow() - began) / 1_000_000;
    }

    // ---- the copies ----

    private static void template(Home home) {
        home.create(TEMPLATE);
        for (String replica : List.of("-r1", "-r2")) {
            home.toygres("replica", "add", TEMPLATE, TEMPLATE + replica).succeeded();
        }
    }

    private static String name(int number) {
        return "s%04d".formatted(number);
    }

    private void copy(Connection catalogue, SimulatedHosts hosts, int instances, int count)
            throws Exception {
        Map<String, JsonNode> statuses = new TreeMap<>();
        Map<String, JsonNode> members = new TreeMap<>();
        Eventually.within(
                SOON,
                () -> {
                    statuses.clear();
                    statuses.putAll(statuses(catalogue));
                    members.clear();
                    statuses.values().forEach(one -> members.putAll(streaming(one)));
                    if (members.size() < 3 || electors(catalogue) < 2) {
                        throw new IllegalStateException("not yet: " + members.keySet());
                    }
                });
        JsonNode endpoint =
                statuses.values().stream()
                        .flatMap(one -> one.path("endpoints").valueStream())
                        .findFirst()
                        .orElseThrow();
        long version = number(catalogue, "select electorate_version from instance where id = '%s'");
        for (int host = 0; host < count; host++) {
            insertHost(catalogue, SimulatedHosts.id(host), hosts.port(host));
        }
        for (int number = 0; number < instances; number++) {
            String id = name(number);
            int place = 0;
            for (String suffix : List.of("-m1", "-r1", "-r2")) {
                boolean primary = suffix.equals("-m1");
                hosts.add(
                        (number + place++) % count,
                        renamed(Objects.requireNonNull(members.get(TEMPLATE + suffix)), id),
                        primary ? Optional.of(renamed(endpoint, id)) : Optional.empty(),
                        version);
            }
        }
        hosts.ready((ObjectNode) statuses.values().iterator().next());
        try (Statement statement = catalogue.createStatement()) {
            statement.execute(copies("instance", "id", instances, count));
            statement.execute(copies("member", "instance_id", instances, count));
            statement.execute(copies("parameter_set", "instance_id", instances, count));
        }
    }

    /** Each row of the template once for each copy, under other names and on other hosts. */
    private static String copies(String table, String column, int instances, int count) {
        String hosts =
                switch (table) {
                    case "instance" ->
                            "jsonb_build_object('endpoint_host_id', 'sim-' || n %% %d)"
                                    .formatted(count);
                    case "member" ->
                            """
                            jsonb_build_object('host_id', 'sim-' ||
                              (n + case right(t.id, 2) when 'm1' then 0 when 'r1' then 1 else 2 end) %% %d)
                            """
                                    .formatted(count);
                    default -> "'{}'::jsonb";
                };
        return """
        insert into %1$s
        select r.* from %1$s t, generate_series(0, %2$d) n,
          lateral jsonb_populate_record(null::%1$s,
            replace(to_jsonb(t)::text, '%3$s', 's' || lpad(n::text, 4, '0'))::jsonb || %4$s) r
        where t.%5$s = '%3$s'
        """
                .formatted(table, instances - 1, TEMPLATE, hosts, column);
    }

    private JsonNode renamed(JsonNode node, String id) {
        return json.readTree(json.writeValueAsString(node).replace(TEMPLATE, id));
    }

    private Map<String, JsonNode> statuses(Connection catalogue) throws SQLException {
        Map<String, JsonNode> all = new TreeMap<>();
        try (Statement statement = catalogue.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "select id, status from host where status is not null")) {
            while (rows.next()) {
                all.put(rows.getString(1), json.readTree(rows.getString(2)));
            }
        }
        return all;
    }

    private static Map<String, JsonNode> streaming(JsonNode status) {
        return status.path("members")
                .valueStream()
                .filter(
                        one ->
                                one.path("role").asString().equals("Primary")
                                        ? one.path("replication").path("followers").size() == 2
                                        : one.path("replication").path("streaming").asBoolean())
                .collect(Collectors.toMap(one -> one.path("memberId").asString(), one -> one));
    }

    private static long electors(Connection catalogue) throws SQLException {
        return number(
                catalogue,
                "select coalesce(cardinality(electorate), 0) from instance where id = '%s'");
    }

    private static long number(Connection catalogue, String query) throws SQLException {
        try (Statement statement = catalogue.createStatement();
                ResultSet rows = statement.executeQuery(query.formatted(TEMPLATE))) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void insertHost(Connection catalogue, String id, int port) throws SQLException {
        try (PreparedStatement insert =
                catalogue.prepareStatement(
                        "insert into host (id, region, availability_zone, agent_host, agent_port,"
                                + " reachable) values (?, 'local', ?, '127.0.0.1', ?, true)")) {
            insert.setString(1, id);
            insert.setString(2, id.replace("sim", "zone"));
            insert.setInt(3, port);
            insert.executeUpdate();
        }
    }

    private static Connection catalogue(Home home) throws Exception {
        String url =
                Home.read(home.directory().resolve("secrets").resolve("catalogue-url")).strip();
        String[] parts = url.replaceFirst("^[a-z]+://", "").split("[:@/?]", -1);
        Properties login = new Properties();
        login.setProperty("user", parts[0]);
        login.setProperty("password", parts[1]);
        login.setProperty("options", "-c search_path=catalogue");
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%s/%s".formatted(parts[2], parts[3], parts[4]), login);
    }

    /** They all show the certificate of one real host, which is good for this address. */
    private static SSLContext tls(Home home) throws Exception {
        Path directory = home.directory().resolve("hosts").resolve("host-1").resolve("tls");
        try (Stream<Path> files = Files.list(directory)) {
            Map<String, String> texts =
                    files.collect(
                            Collectors.toMap(file -> file.getFileName().toString(), Home::read));
            return Tls.context(
                    new Identity(text(texts, "cert"), text(texts, "key")),
                    text(texts, "authority"));
        }
    }

    private static String text(Map<String, String> files, String part) {
        return files.entrySet().stream()
                .filter(file -> file.getKey().contains(part))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + part + " in " + files.keySet()));
    }

    // ---- what it costs ----

    private static long cpu(List<Long> processes) {
        return processes.stream().mapToLong(ScaleBenchmark::cpu).sum();
    }

    /** User and system time so far, of it and of the children that it waited for, in ticks. */
    private static long cpu(long pid) {
        String stat = Home.read(Path.of("/proc", String.valueOf(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Stream.of(fields).skip(11).limit(4).mapToLong(Long::parseLong).sum();
    }

    private static long residentMegabytes(long pid) {
        return Home.read(Path.of("/proc", String.valueOf(pid), "status"))
                        .lines()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .map(line -> line.replaceAll("\\D", ""))
                        .mapToLong(Long::parseLong)
                        .sum()
                / 1024;
    }
}
