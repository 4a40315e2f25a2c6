package dev.toygres.bench.instance;

import dev.toygres.api.Credentials;
import dev.toygres.api.Endpoints;
import dev.toygres.bench.Report;
import dev.toygres.client.ToygresClient;
import dev.toygres.e2e.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a user waits for: up, create to the first query, restart, delete; and what the endpoints
 * cost beside a direct connection. Prints a table for docs/benchmarks/instance.md.
 */
@Tag("bench")
class InstanceBenchmark {
    private static final int ROUNDS = 10;
    private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+)");

    @Test
    void measure() throws Exception {
        Report.load("before");
        List<Long> up = new ArrayList<>();
        try (Home home = Home.empty()) {
            up.add(millis(() -> home.toygres("up").succeeded()));
            home.toygres("down").succeeded();
            up.add(millis(() -> home.toygres("up").succeeded()));
            System.out.println("up, first and second start (ms): " + up);
            life(home);
            throughput(home);
        }
        Report.load("after");
    }

    private static void life(Home home) throws Exception {
        List<Long> create = new ArrayList<>();
        List<Long> restart = new ArrayList<>();
        List<Long> delete = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            String id = "bench-" + i;
            try (ToygresClient client = home.client()) {
                create.add(
                        millis(
                                () -> {
                                    client.createInstance(Home.nano(id)).await();
                                    return select(home, id);
                                }));
                restart.add(millis(() -> client.restartInstance(id).await()));
                delete.add(millis(() -> client.deleteInstance(id).await()));
            }
        }
        System.out.println("| what | n | min ms | median ms | max ms |\n|---|---|---|---|---|");
        Report.row("create to the first SELECT 1 through the endpoint", create);
        Report.row("restart operation", restart);
        Report.row("delete", delete);
    }

    private static void throughput(Home home) throws Exception {
        home.create("load");
        try (ToygresClient client = home.client()) {
            Credentials credentials = client.getCredentials("load");
            Endpoints endpoints = client.getInstance("load").endpoints().orElseThrow();
            int direct = directPort(home);
            pgbench(credentials, direct, "-i", "-q", "-s", "10");
            System.out.println("| pgbench, 4 clients, 10 s | direct | read-write | pooled |");
            for (String mode : List.of("-S", "-N")) {
                List<Double> tps = new ArrayList<>();
                for (int port :
                        List.of(direct, endpoints.readWrite().port(), endpoints.pooled().port())) {
                    tps.add(
                            tps(
                                    pgbench(
                                            credentials,
                                            port,
                                            mode,
                                            "-n",
                                            "-c",
                                            "4",
                                            "-j",
                                            "2",
                                            "-T",
                                            "10")));
                }
                System.out.printf(
                        "| %s | %.0f | %.0f (%.2f) | %.0f (%.2f) |%n",
                        mode.equals("-S") ? "select-only" : "simple-update",
                        tps.get(0),
                        tps.get(1),
                        tps.get(1) / tps.get(0),
                        tps.get(2),
                        tps.get(2) / tps.get(0));
            }
        }
    }

    private static int directPort(Home home) {
        String pid =
                Home.read(
                        home.member("host-1", "load-m1").resolve("data").resolve("postmaster.pid"));
        return Integer.parseInt(pid.lines().skip(3).findFirst().orElseThrow());
    }

    private static String pgbench(Credentials credentials, int port, String... arguments)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                program("pgbench"),
                                "-h",
                                "127.0.0.1",
                                "-p",
                                String.valueOf(port),
                                "-U",
                                credentials.username()));
        command.addAll(List.of(arguments));
        command.add(credentials.database());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PGPASSWORD", credentials.password());
        builder.environment().put("PGSSLMODE", "require");
        Process process = builder.start();
        String output =
                new String(
                        process.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + output);
        }
        return output;
    }

    private static String program(String name) throws IOException {
        try (var majors = Files.list(Path.of("/usr/lib/postgresql"))) {
            return majors.map(major -> major.resolve("bin").resolve(name))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow()
                    .toString();
        }
    }

    private static double tps(String output) {
        Matcher found = TPS.matcher(output);
        return Optional.of(found)
                .filter(Matcher::find)
                .map(f -> Double.parseDouble(f.group(1)))
                .orElse(0.0);
    }

    private static boolean select(Home home, String id) throws Exception {
        try (Connection connection = home.connect(id, false);
                Statement statement = connection.createStatement()) {
            return statement.execute("select 1");
        }
    }

    private static long millis(Callable<?> work) throws Exception {
        long began = System.nanoTime();
        var _ = work.call();
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }
}
