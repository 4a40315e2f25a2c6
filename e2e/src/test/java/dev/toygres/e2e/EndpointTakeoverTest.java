package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.Alert;
import dev.toygres.api.Replica;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * S13: the host that serves the addresses of an instance dies under load, first alone, then
 * together with the primary. Clients are served again at the same addresses, and a host that is
 * back serves none that are another's by now.
 */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndpointTakeoverTest {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String ID = "shop";

    private Home home;

    @BeforeAll
    void up() {
        home = Home.up(3);
        home.create(ID);
        for (String replica : List.of("shop-r1", "shop-r2")) {
            home.toygres("replica", "add", ID, replica).succeeded();
        }
        home.awaitStreaming(ID, 2);
    }

    @AfterAll
    void down() {
        home.close();
    }

    @Test
    void theAddressesOutliveTheirHost() throws SQLException {
        failOverTo("shop-r1");
        String first = addressesAt();
        assertThat(first).as("not the primary's host").isNotEqualTo(hostOf("shop-r1"));
        var before = home.instance(ID).endpoints();

        servesAgainAfter(() -> home.killHost(first));

        assertThat(home.instance(ID).endpoints()).isEqualTo(before);
        assertThat(alerts()).contains("EndpointMoved");
        assertThat(home.toygres("audit").succeeded().output()).contains("move-endpoint");
        String second = servedBy();
        assertThat(second).as("the primary's host").isEqualTo(hostOf("shop-r1"));

        home.toygres("up", "--host", first).succeeded();
        Eventually.until(
                SOON, "the former endpoint is closed", () -> !Files.exists(endpoint(first)));
        assertThat(servedBy()).isEqualTo(second);
        home.awaitStreaming(ID, 2);

        failOverTo(replicaApartFrom(second, first));
        String primary = home.instance(ID).primary().orElseThrow();
        long postmaster = home.postmaster(hostOf(primary), primary);

        servesAgainAfter(
                () -> {
                    home.killHost(second);
                    Home.signal(postmaster, "KILL");
                });

        assertThat(home.instance(ID).primary().orElseThrow()).isNotEqualTo(primary);
        assertThat(servedBy()).isNotEqualTo(second);
        assertThat(home.instance(ID).endpoints()).isEqualTo(before);
        home.toygres("up", "--host", second).succeeded();
    }

    /** Through both addresses; every acknowledged row is there. */
    private void servesAgainAfter(Runnable blow) throws SQLException {
        try (Load readWrite = Load.on(home, ID, false);
                Load pooled = Load.on(home, ID, true)) {
            awaitRows(readWrite, pooled);
            readWrite.takeLongestGap();
            pooled.takeLongestGap();

            blow.run();

            Eventually.until(SOON, "another host serves them", () -> !isServedByDead());
            awaitRows(readWrite, pooled);
            System.out.println(
                    "longest pause: read-write %s, pooled %s"
                            .formatted(readWrite.takeLongestGap(), pooled.takeLongestGap()));
            readWrite.stop();
            pooled.stop();
            assertThat(readWrite.lost()).isEmpty();
            assertThat(pooled.lost()).isEmpty();
        }
    }

    private static void awaitRows(Load... loads) {
        List<Long> then = Stream.of(loads).map(Load::acknowledgedCount).toList();
        for (int i = 0; i < loads.length; i++) {
            Load load = loads[i];
            long enough = then.get(i) + 100;
            Eventually.until(SOON, "rows flow", () -> load.acknowledgedCount() > enough);
        }
    }

    private void failOverTo(String replica) {
        Eventually.within(
                SOON, () -> home.toygres("failover", ID, "--to", replica, "--wait").succeeded());
        home.awaitStreaming(ID, 2);
    }

    private String replicaApartFrom(String second, String first) {
        return home.instance(ID).replicas().stream()
                .map(Replica::id)
                .filter(id -> !List.of(first, second).contains(hostOf(id)))
                .findFirst()
                .orElseThrow();
    }

    private Path endpoint(String host) {
        return home.directory().resolve("hosts").resolve(host).resolve("endpoints").resolve(ID);
    }

    private static List<String> hosts() {
        return List.of("host-1", "host-2", "host-3");
    }

    private String addressesAt() {
        return hosts().stream()
                .filter(host -> Files.exists(endpoint(host)))
                .findFirst()
                .orElseThrow();
    }

    /** Whose HAProxy it is that runs. */
    private String servedBy() {
        return commandLine(home.pid("haproxy-" + ID))
                .transform(
                        line ->
                                hosts().stream()
                                        .filter(host -> line.contains("/hosts/" + host + "/"))
                                        .findFirst()
                                        .orElseThrow());
    }

    /** Between the old one and the new one there may be no note of a pid. */
    private boolean isServedByDead() {
        try {
            return !Home.alive(home.pid("haproxy-" + ID));
        } catch (UncheckedIOException | NumberFormatException none) {
            return true;
        }
    }

    private static String commandLine(long pid) {
        return Home.read(Path.of("/proc", String.valueOf(pid), "cmdline")).replace('\0', ' ');
    }

    private String hostOf(String member) {
        return hosts().stream()
                .filter(host -> Files.exists(home.member(host, member).resolve("data")))
                .findFirst()
                .orElseThrow();
    }

    private List<String> alerts() {
        try (ToygresClient client = home.client()) {
            return client.listAlerts(ListQuery.first()).items().stream()
                    .map(Alert::kind)
                    .map(String::valueOf)
                    .toList();
        }
    }
}
