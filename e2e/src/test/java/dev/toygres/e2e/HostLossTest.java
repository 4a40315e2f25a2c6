package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.Replica;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
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
 * Hosts, agents and servers that are lost under load (R3, S2-S6): a lost host is failed over once
 * its lease has run out; what keeps a lease alive comes back by itself, or others stand in for it.
 */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostLossTest {
    private static final Duration GONE = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final String ID = "shop";

    private Home home;

    @BeforeAll
    void up() {
        home = Home.up(3);
        // With a sync replica, so that no acknowledged row depends on the disk of a lost host.
        home.create(ID);
        home.toygres("replica", "add", ID, "shop-r1", "--mode", "sync").succeeded();
        home.toygres("replica", "add", ID, "shop-r2", "--mode", "async").succeeded();
        awaitWell();
    }

    @AfterAll
    void down() {
        home.close();
    }

    @Test
    void aLostHostIsReplacedOnceItsLeaseIsOverAndComesBackAsAReplica() throws SQLException {
        String before = home.primary(ID);
        String host = home.hostOf(before);
        try (Load load = Load.on(home, ID, false)) {
            load.awaitMore(200);
            load.takeLongestGap();

            home.killHost(host);

            Eventually.until(
                    SOON, "a replica has taken over", () -> !home.primary(ID).equals(before));
            load.awaitMore(200);
            System.out.println("lost host: longest pause " + load.takeLongestGap());
            assertThat(load.lost()).as("at once").isEmpty();
            home.toygres("up", "--host", host).succeeded();
            home.awaitStreaming(ID, 2);
            load.stop();
            assertThat(load.lost()).as("after the old primary is back").isEmpty();
        }
        Eventually.within(
                SOON,
                () ->
                        assertThat(home.failovers(ID).getFirst())
                                .satisfies(
                                        one -> {
                                            assertThat(one.state()).isEqualTo("Completed");
                                            assertThat(one.cause()).isEqualTo("automatic");
                                            assertThat(one.proof().orElse(""))
                                                    .as("S5")
                                                    .contains(before + ": its lease of term");
                                        }));
        assertThat(home.instance(ID).primary()).as("no switch back").isNotEqualTo(before);
    }

    /**
     * P46: paused with its whole host for longer than its lease, as a virtual machine may be. Its
     * addresses are elsewhere, so clients never meet it again; awake, it finds its lease over.
     */
    @Test
    void aPrimaryThatWasPausedWithItsHostIsFencedWhenItWakes() throws SQLException {
        String endpoint = endpointHost();
        String other = replicaAwayFrom(endpoint);
        if (home.hostOf(home.primary(ID)).equals(endpoint)) {
            home.toygres("failover", ID, "--to", other, "--wait").succeeded();
            awaitWell();
        }
        String before = home.primary(ID);
        String host = home.hostOf(before);
        long postmaster = home.postmaster(host, before);
        try (Load load = Load.on(home, ID, false)) {
            load.awaitMore(100);

            home.signalHost(host, "STOP");
            Eventually.until(
                    SOON, "a replica has taken over", () -> !home.primary(ID).equals(before));
            load.awaitMore(100);
            home.signalHost(host, "CONT");

            Eventually.until(SOON, "it is fenced", () -> !Home.alive(postmaster));
            home.awaitStreaming(ID, 2);
            load.stop();
            assertThat(load.lost()).isEmpty();
        }
        assertThat(home.failovers(ID).getFirst().cause()).isEqualTo("automatic");
    }

    /**
     * The host is lost while the catalogue hangs: no server can give a lease, nor withhold one. The
     * primary is fenced by its own host's end, a replica takes over once the catalogue answers, and
     * not before.
     */
    @Test
    void aHostThatIsLostWhileTheCatalogueHangsIsReplacedWhenItAnswers() throws SQLException {
        String before = home.primary(ID);
        String host = home.hostOf(before);
        List<Long> catalogue = home.catalogue();
        assertThat(catalogue).isNotEmpty();
        try (Load load = Load.on(home, ID, false)) {
            load.awaitMore(100);

            catalogue.forEach(pid -> Home.signal(pid, "STOP"));
            home.killHost(host);
            Eventually.pass(GONE);
            catalogue.forEach(pid -> Home.signal(pid, "CONT"));

            Eventually.until(
                    SOON, "a replica has taken over", () -> !home.primary(ID).equals(before));
            load.awaitMore(100);
            assertThat(load.lost()).as("at once").isEmpty();
            home.toygres("up", "--host", host).succeeded();
            home.awaitStreaming(ID, 2);
            load.stop();
            assertThat(load.lost()).as("after the old primary is back").isEmpty();
        }
        assertThat(home.failovers(ID).getFirst().proof().orElse(""))
                .as("S5")
                .contains(before + ": its lease of term");
    }

    private String replicaAwayFrom(String host) {
        return home.instance(ID).replicas().stream()
                .map(Replica::id)
                .filter(id -> !home.hostOf(id).equals(host))
                .findFirst()
                .orElseThrow();
    }

    private String endpointHost() {
        String line =
                Home.read(Path.of("/proc", String.valueOf(home.pid("haproxy-" + ID)), "cmdline"));
        return Stream.of("host-1", "host-2", "host-3")
                .filter(host -> line.contains("/hosts/" + host + "/"))
                .findFirst()
                .orElseThrow();
    }

    /** S3: with time enough for that, an agent that dies or freezes costs nobody anything. */
    @Test
    void anAgentThatDiesOrFreezesIsStartedAgainByAGuard() throws SQLException {
        home.toygres("health-config", ID, "--lease-ttl", "20s", "--restart-timeout", "20s")
                .succeeded();
        Eventually.within(
                SOON,
                () ->
                        assertThat(home.instance(ID).ifServersDied())
                                .as("in force")
                                .contains("20 s"));
        int failovers = home.failovers(ID).size();
        String primary = home.primary(ID);
        String agent = "agent-" + home.hostOf(primary);
        long postmaster = home.postmaster(home.hostOf(primary), primary);
        try (Load load = Load.on(home, ID, false)) {
            for (String blow : List.of("KILL", "STOP")) {
                long dead = home.pid(agent);
                Home.signal(dead, blow);

                Eventually.until(
                        SOON,
                        "another agent is there after " + blow,
                        () -> home.pid(agent) != dead && Home.alive(home.pid(agent)));
                assertThat(Home.alive(dead)).isFalse();
                home.toygres("up").succeeded();
                load.awaitMore(100);
            }
            load.stop();
            assertThat(load.lost()).isEmpty();
        }
        assertThat(home.failovers(ID)).hasSize(failovers);
        assertThat(home.toygres("alerts", "--all").output()).contains("a guard started it again");
        assertThat(home.postmaster(home.hostOf(primary), primary)).isEqualTo(postmaster);
        home.toygres("health-config", ID, "--lease-ttl", "3s").succeeded();
    }

    /**
     * S4: vouchers of the replicas' agents stand in for the server, for however long
     * (TOYGRES_SERVER_AWAY, in seconds).
     */
    @Test
    void aDeadServerStopsNobody() throws SQLException {
        int failovers = home.failovers(ID).size();
        String primary = home.primary(ID);
        long postmaster = home.postmaster(home.hostOf(primary), primary);
        try (Load load = Load.on(home, ID, false)) {
            load.awaitMore(100);
            Home.kill9(home.pid("server"));

            long rows = load.acknowledgedCount();
            Duration away =
                    Duration.ofSeconds(
                            Long.parseLong(
                                    System.getenv().getOrDefault("TOYGRES_SERVER_AWAY", "10")));
            load.takeLongestGap();
            long end = System.nanoTime() + away.toNanos();
            Eventually.until(
                    away.plus(SOON), "some leases are over", () -> System.nanoTime() > end);
            System.out.printf(
                    "server away for %s: %d rows, longest gap %s%n",
                    away, load.acknowledgedCount() - rows, load.takeLongestGap());

            load.awaitMore(100);
            assertThat(load.acknowledgedCount()).isGreaterThan(rows);
            home.toygres("up").succeeded();
            load.awaitMore(100);
            load.stop();
            assertThat(load.lost()).isEmpty();
        }
        assertThat(home.postmaster(home.hostOf(primary), primary)).isEqualTo(postmaster);
        assertThat(home.failovers(ID)).hasSize(failovers);
    }

    /**
     * S4: what the instance says beforehand comes true. With no server, and the host of an elector
     * lost, the primary stops rather than go on without being sure; with the server it is back.
     */
    @Test
    void withoutServersAndAnElectorThePrimaryStopsAsWasSaid() throws SQLException {
        awaitWell();
        String primary = home.primary(ID);
        String elector = replicaAwayFrom(endpointHost());
        String host = home.hostOf(elector);
        long postmaster = home.postmaster(home.hostOf(primary), primary);
        Eventually.within(
                SOON,
                () ->
                        assertThat(home.instance(ID).ifServersDied())
                                .contains(host, "without one of them it stops within 3 s"));
        try (Load load = Load.on(home, ID, false)) {
            load.awaitMore(100);
            Home.kill9(home.pid("server"));
            home.killHost(host);

            Eventually.until(SOON, "it stops", () -> !Home.alive(postmaster));
            home.toygres("up").succeeded();
            load.awaitMore(100);
            load.stop();
            assertThat(load.lost()).isEmpty();
        }
        home.awaitStreaming(ID, 2);
    }

    private void awaitWell() {
        home.awaitStreaming(ID, 2);
        Eventually.within(
                SOON,
                () -> {
                    try (ToygresClient client = home.client()) {
                        assertThat(client.getHealth(ID).members()).allMatch(one -> one.healthy());
                    }
                });
    }
}
