package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.e2e.DirectClients.Ack;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The only server dies together with a primary, under load of clients who know all members (R3,
 * S1-S5). Its hosts have homes of their own, so it comes back alone, as on a machine of its own.
 * What is expected stands at each case.
 */
@Tag("scenario")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServerLossTest {
    private static final Duration SOON = Duration.ofMinutes(2);

    /** Longer than every lease. */
    private static final Duration AWAY = Duration.ofSeconds(8);

    private static final String ID = "pg";
    private static final int HOSTS = 3;

    private final List<Home> hosts = new ArrayList<>();
    private Home control;

    @BeforeAll
    void up() throws IOException {
        control = Home.servingAlone();
        for (int number = 1; number <= HOSTS; number++) {
            hosts.add(control.join(number));
        }
        control.create(ID);
        control.toygres("replica", "add", ID, "pg-r1", "--mode", "sync").succeeded();
        control.toygres("replica", "add", ID, "pg-r2", "--mode", "async").succeeded();
        control.toygres("health-config", ID, "--cooldown", "0s", "--failovers-per-hour", "60")
                .succeeded();
    }

    @BeforeEach
    void allIsWell() {
        control.toygres("up").succeeded();
        control.awaitReady(ID, HOSTS - 1);
    }

    @AfterAll
    void down() {
        hosts.forEach(Home::close);
        control.close();
    }

    /**
     * The host of the primary dies with the server. Expected: while there is no server nobody takes
     * over, and nobody acknowledges anything; with the server a replica takes over by itself, on
     * the proof that the lease is over, though this server has never given one; nothing
     * acknowledged is lost, and no row of the new primary comes before the last of the old one.
     */
    @Test
    void theServerThatComesBackReplacesAPrimaryWhoseHostDiedWithIt() throws SQLException {
        String before = control.primary(ID);
        String address = control.address(ID, before);
        int number = number(before);
        try (DirectClients clients = DirectClients.on(control, ID)) {
            clients.awaitMore(200);

            Home home = host(before);
            Home.kill9(control.pid("server"));
            home.killHost("host-" + number);
            int rows = clients.acks().size();
            Eventually.pass(AWAY);
            assertThat(clients.acks()).as("nobody acknowledges").hasSizeLessThanOrEqualTo(rows + 4);
            assertThat(clients.acks()).as("S5").hasSameSizeAs(clients.acksOf(address));

            control.toygres("up").succeeded();
            Eventually.until(
                    SOON, "a replica has taken over", () -> !control.primary(ID).equals(before));
            clients.awaitMore(200);
            assertThat(clients.lost()).as("at once").isEmpty();

            home.toygres("up").succeeded();
            control.awaitReady(ID, HOSTS - 1);
            clients.stop();
            assertThat(clients.lost()).as("after all are back").isEmpty();
            assertThat(firstAfter(clients, address)).isGreaterThan(last(clients, address));
        }
        assertThat(control.failovers(ID).getFirst())
                .satisfies(
                        one -> {
                            assertThat(one.cause()).isEqualTo("automatic");
                            assertThat(one.dataLossBytes()).contains(0L);
                            assertThat(one.proof().orElse(""))
                                    .as("S5")
                                    .contains(before + ": its lease of term");
                        });
    }

    /**
     * The Postgres of the primary dies with the server, which is back at once. Expected: its agent
     * leaves it to the server (ADR 11), which fails over by itself as soon as it works: the stop is
     * confirmed.
     */
    @Test
    void theServerThatComesBackReplacesAPrimaryThatDiedWithIt() throws SQLException {
        String before = control.primary(ID);
        try (DirectClients clients = DirectClients.on(control, ID)) {
            leaveFor(clients, "5m");

            long postmaster = postmaster(before);
            Home.kill9(control.pid("server"));
            Home.kill9(postmaster);
            control.toygres("up").succeeded();

            Eventually.until(
                    SOON, "a replica has taken over", () -> !control.primary(ID).equals(before));
            clients.awaitMore(200);
            control.awaitReady(ID, HOSTS - 1);
            clients.stop();
            assertThat(clients.lost()).isEmpty();
        }
        assertThat(control.failovers(ID).getFirst())
                .satisfies(
                        one -> {
                            assertThat(one.cause()).isEqualTo("automatic");
                            assertThat(one.proof().orElse("")).as("S5").contains("confirmed");
                        });
    }

    /**
     * The same, and no server comes. Expected: after the restart timeout its agent starts the
     * primary again; it is let write by the vouchers of all electors (S4, S11), and nobody is
     * failed over once a server is back.
     */
    @Test
    void aPrimaryThatDiedWithTheServerIsBackWithoutOne() throws SQLException {
        String before = control.primary(ID);
        String address = control.address(ID, before);
        int failovers = control.failovers(ID).size();
        try (DirectClients clients = DirectClients.on(control, ID)) {
            leaveFor(clients, "5s");

            long postmaster = postmaster(before);
            Home.kill9(control.pid("server"));
            Home.kill9(postmaster);
            clients.awaitMore(200);
            assertThat(clients.acks()).hasSameSizeAs(clients.acksOf(address));

            control.toygres("up").succeeded();
            control.awaitReady(ID, HOSTS - 1);
            clients.awaitMore(100);
            clients.stop();
            assertThat(clients.lost()).isEmpty();
        }
        assertThat(control.primary(ID)).isEqualTo(before);
        assertThat(control.failovers(ID)).hasSize(failovers);
    }

    /** How long its agent leaves a dead primary to the server; it is told within some seconds. */
    private void leaveFor(DirectClients clients, String time) {
        control.toygres("health-config", ID, "--restart-timeout", time).succeeded();
        clients.flowFor(AWAY);
    }

    private int number(String member) {
        String address = control.address(ID, member);
        return Integer.parseInt(address.substring(address.lastIndexOf('.') + 1));
    }

    private Home host(String member) {
        return hosts.get(number(member) - 1);
    }

    private long postmaster(String member) {
        return host(member).postmaster("host-" + number(member), member);
    }

    private static long last(DirectClients clients, String server) {
        return clients.acksOf(server).stream()
                .map(Ack::at)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Of all others. */
    private static long firstAfter(DirectClients clients, String server) {
        return clients.acks().stream()
                .filter(ack -> !ack.server().equals(server))
                .map(Ack::at)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }
}
