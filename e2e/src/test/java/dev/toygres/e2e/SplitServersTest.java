package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import dev.toygres.testkit.TestDatabase;
import dev.toygres.testkit.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two servers on machines of their own, two hosts, and a catalogue that both servers reach whatever
 * happens. One server is split from the other and from all hosts. Expected: it stands back and says
 * so; the other one does all work, a failover included; nothing is lost, and nobody fails over
 * because of the split itself.
 */
@Tag("scenario")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SplitServersTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int SERVERS = 2;
    private static final int HOSTS = 2;
    private static final String SHOP = "shop";

    private final List<Home> servers = new ArrayList<>();
    private final List<Home> hosts = new ArrayList<>();
    private Network network;
    private TestDatabase catalogue;
    private Relay relay;

    @BeforeAll
    void up() throws IOException {
        assumeTrue(Network.isPossible(), "network namespaces take root and iproute2");
        network = Network.of(SERVERS + HOSTS);
        catalogue = TestPostgres.database("split_servers");
        relay = new Relay(network.outside(), port(catalogue.url()));
        for (int machine = 0; machine < SERVERS; machine++) {
            serve(machine);
        }
        for (int machine = SERVERS; machine < SERVERS + HOSTS; machine++) {
            hosts.add(servers.getFirst().join(network, machine));
        }
        Home first = servers.getFirst();
        first.create(SHOP);
        first.toygres("replica", "add", SHOP, SHOP + "-r1", "--mode", "sync").succeeded();
        first.toygres("health-config", SHOP, "--cooldown", "0s", "--failovers-per-hour", "60")
                .succeeded();
        first.awaitReady(SHOP, HOSTS - 1);
    }

    /** The second has the key and the token of the first, as whoever sets it up copies them. */
    private void serve(int machine) throws IOException {
        List<String> there = new ArrayList<>(network.on(machine));
        there.add("env");
        there.add(
                "TOYGRES_DATABASE_URL=postgresql://postgres@%s:%d/split_servers"
                        .formatted(network.outside(), relay.port()));
        Home home = Home.empty(there);
        if (!servers.isEmpty()) {
            copySecrets(servers.getFirst().directory(), home.directory());
        }
        servers.add(home);
        home.serve(network, machine);
    }

    private static void copySecrets(Path from, Path to) throws IOException {
        Path secrets = Files.createDirectories(to.resolve("secrets"));
        for (String name : List.of("master-key", "admin-token")) {
            Files.copy(from.resolve("secrets").resolve(name), secrets.resolve(name));
        }
        Command.run("chown", "-R", "toygres", to.toString());
        // The service user has to get into it.
        Command.run("chmod", "711", to.resolve("..").normalize().toString());
    }

    private static int port(String url) {
        return URI.create(url.substring("jdbc:".length())).getPort();
    }

    @AfterAll
    void down() {
        try (Network _ = network;
                TestDatabase _ = catalogue;
                Relay _ = relay) {
            hosts.forEach(Home::close);
            servers.forEach(Home::close);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aServerThatLosesItsHostsLeavesAllToTheOther(int blind) throws SQLException {
        Home other = servers.get(1 - blind);
        String before = other.primary(SHOP);
        int failovers = other.failovers(SHOP).size();
        try (DirectClients clients = DirectClients.on(other, SHOP)) {
            clients.awaitMore(100);

            network.isolate(blind);
            Eventually.until(SOON, "it stands back", () -> standsBack(servers.get(blind)));
            clients.awaitMore(100);
            assertThat(clients.sessionsEnded()).as("the split moves nobody").isZero();
            assertThat(other.failovers(SHOP)).hasSize(failovers);
            Eventually.until(SOON, "somebody is told", () -> isToldOf(other));

            long dies = System.nanoTime();
            Home.kill9(postmaster(other, before));
            Eventually.until(
                    SOON, "a replica takes over", () -> !other.primary(SHOP).equals(before));
            System.out.printf(
                    "split from server %d: the primary moved %d ms after its death%n",
                    blind, (System.nanoTime() - dies) / 1_000_000);
            clients.awaitMore(100);
            other.awaitReady(SHOP, HOSTS - 1);

            network.rejoin(blind);
            Eventually.until(SOON, "it works again", () -> !standsBack(servers.get(blind)));
            servers.get(blind).awaitReady(SHOP, HOSTS - 1);
            clients.stop();
            assertThat(clients.lost()).isEmpty();
        }
        assertThat(other.failovers(SHOP)).hasSize(failovers + 1);
    }

    private long postmaster(Home server, String member) {
        int machine = network.machineAt(server.address(SHOP, member));
        return hosts.get(machine - SERVERS).postmaster("host-" + machine, member);
    }

    private static boolean standsBack(Home server) {
        Launcher.Outcome answer = server.toygres("list");
        return answer.exitCode() != 0 && answer.errors().contains("stands back");
    }

    private static boolean isToldOf(Home server) {
        try (ToygresClient client = server.client()) {
            return client.listAlerts(ListQuery.first()).items().stream()
                    .anyMatch(one -> one.kind().equals("ServerStandsBack"));
        }
    }
}
