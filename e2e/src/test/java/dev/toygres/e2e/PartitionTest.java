package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.toygres.api.Replica;
import dev.toygres.e2e.DirectClients.Ack;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Four machines, each in a network namespace of its own: one for the server, three hosts. Links
 * between them are cut while clients go on to reach everybody (R3, S1-S6). What is expected stands
 * at each case.
 */
@Tag("scenario")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PartitionTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int CONTROL = 0;
    private static final int HOSTS = 3;

    /** A synchronous replica: nothing acknowledged may ever be lost. */
    private static final String SYNC = "shop";

    private static final String ASYNC = "till";

    /** An asynchronous replica is a moment behind. */
    private static final long REPLICATED_NANOS = Duration.ofMillis(500).toNanos();

    /** -Dtoygres.flaps=15 makes five minutes of it. */
    private static final int FLAPS = Integer.getInteger("toygres.flaps", 3);

    private static final Duration FLAP = Duration.ofSeconds(10);

    private final List<Home> hosts = new ArrayList<>();
    private Network network;
    private Home control;

    @BeforeAll
    void up() throws IOException {
        assumeTrue(Network.isPossible(), "network namespaces take root and iproute2");
        network = Network.of(1 + HOSTS);
        control = Home.serving(network, CONTROL);
        for (int machine = 1; machine <= HOSTS; machine++) {
            hosts.add(control.join(network, machine));
        }
        create(SYNC, "sync");
        create(ASYNC, "async");
    }

    private void create(String id, String mode) {
        control.create(id);
        control.toygres("replica", "add", id, id + "-r1", "--mode", mode).succeeded();
        control.toygres("replica", "add", id, id + "-r2", "--mode", "async").succeeded();
        control.toygres("health-config", id, "--cooldown", "0s", "--failovers-per-hour", "60")
                .succeeded();
        control.awaitReady(id, HOSTS - 1);
    }

    /** Each host has a member of both. */
    @BeforeEach
    void allIsWell() {
        control.awaitReady(SYNC, HOSTS - 1);
        control.awaitReady(ASYNC, HOSTS - 1);
    }

    @AfterAll
    void down() {
        try (Network _ = network;
                Home _ = control) {
            hosts.forEach(Home::close);
        }
    }

    /**
     * The primary is cut off from the server and from all others, and clients with open sessions
     * still reach it. Expected: its guard ends it when its lease is over; the first row that the
     * new primary acknowledges comes after the last of the old one; back in the network it follows
     * the new one. Of a synchronous instance nothing is lost, of an asynchronous one only what was
     * written while it was cut off.
     */
    @ParameterizedTest
    @ValueSource(strings = {SYNC, ASYNC})
    void anIsolatedPrimaryHasAcknowledgedItsLastRowBeforeTheNextOneItsFirst(String id)
            throws SQLException {
        String before = control.primary(id);
        int machine = machineOf(before, id);
        try (DirectClients clients = DirectClients.on(control, id)) {
            clients.awaitMore(200);

            long cutAt = System.nanoTime();
            network.isolate(machine);

            Eventually.until(
                    SOON, "a replica has taken over", () -> !control.primary(id).equals(before));
            String next = network.address(machineOf(control.primary(id), id));
            Eventually.until(SOON, "rows flow", () -> clients.acksOf(next).size() > 200);
            long last = last(clients.acksOf(network.address(machine)));
            long first = clients.acksOf(next).stream().mapToLong(Ack::at).min().orElseThrow();
            assertThat(first).as("the first of the new one").isGreaterThan(last);
            System.out.printf(
                    "isolated %s: last row %d ms after the cut, first of the next %d ms after%n",
                    id, (last - cutAt) / 1_000_000, (first - cutAt) / 1_000_000);

            network.rejoin(machine);
            control.awaitReady(id, HOSTS - 1);
            clients.stop();
            List<Ack> lost = clients.lost();
            if (id.equals(SYNC)) {
                assertThat(lost).isEmpty();
            } else {
                assertThat(lost)
                        .allSatisfy(
                                ack -> {
                                    assertThat(ack.server()).isEqualTo(network.address(machine));
                                    assertThat(ack.at()).isGreaterThan(cutAt - REPLICATED_NANOS);
                                });
            }
        }
        assertThat(control.failovers(id).getFirst().proof().orElse(""))
                .as("S5")
                .contains(before + ": its lease of term");
    }

    /**
     * What the server sends to the primary's host is lost, or what that sends to the server; the
     * others hear both. Expected: nobody fails over, as the replicas' agents see it and vouch for
     * it; no session ends, and rows flow all the time.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPrimaryThatOnlyTheServerCannotReachGoesOn(boolean there) throws SQLException {
        String before = control.primary(SYNC);
        int machine = machineOf(before, SYNC);
        int failovers = control.failovers(SYNC).size();
        int from = there ? CONTROL : machine;
        int to = there ? machine : CONTROL;
        try (DirectClients clients = DirectClients.on(control, SYNC)) {
            clients.awaitMore(100);

            network.lose(from, to);
            try {
                clients.flowFor(Duration.ofSeconds(15));
            } finally {
                network.carry(from, to);
            }

            control.awaitReady(SYNC, HOSTS - 1);
            clients.awaitMore(100);
            clients.stop();
            assertThat(clients.sessionsEnded()).isZero();
            assertThat(clients.lost()).isEmpty();
        }
        assertThat(control.primary(SYNC)).isEqualTo(before);
        assertThat(control.failovers(SYNC)).hasSize(failovers);
    }

    /**
     * The link between the primary and its synchronous replica alone is cut, which the server
     * reaches both. Expected: nobody fails over. Strict, commits wait until it is mended and are
     * all there; preferred, they go on after the replica has been given up for the moment.
     */
    @ParameterizedTest
    @ValueSource(strings = {"strict", "preferred"})
    void aCutReplicationLinkMovesNobody(String durability) throws SQLException {
        String before = control.primary(SYNC);
        int failovers = control.failovers(SYNC).size();
        control.toygres("update", SYNC, "--durability", durability).succeeded();
        int one = machineOf(before, SYNC);
        int other = machineOf(syncReplica(), SYNC);
        try (DirectClients clients = DirectClients.on(control, SYNC)) {
            clients.awaitMore(100);

            network.cut(one, other);
            try {
                Eventually.until(SOON, "it is noticed", () -> !control.isStreaming(SYNC));
                if (durability.equals("preferred")) {
                    clients.awaitMore(100);
                } else {
                    long silence = Duration.ofSeconds(3).toNanos();
                    Eventually.until(
                            SOON,
                            "commits wait",
                            () -> System.nanoTime() - last(clients.acks()) > silence);
                }
            } finally {
                network.mend(one, other);
            }

            control.awaitReady(SYNC, HOSTS - 1);
            clients.awaitMore(100);
            clients.stop();
            assertThat(clients.lost()).isEmpty();
        }
        control.toygres("update", SYNC, "--durability", "strict").succeeded();
        assertThat(control.primary(SYNC)).isEqualTo(before);
        assertThat(control.failovers(SYNC)).hasSize(failovers);
    }

    /**
     * The network of the primary's host comes and goes. Expected: at most one failover, as the next
     * primary is on another host and well; nothing is lost.
     */
    @Test
    void aFlappingNetworkMovesThePrimaryOnceAtMost() throws SQLException {
        int machine = machineOf(control.primary(SYNC), SYNC);
        int failovers = control.failovers(SYNC).size();
        try (DirectClients clients = DirectClients.on(control, SYNC)) {
            clients.awaitMore(100);
            for (int i = 0; i < FLAPS; i++) {
                network.isolate(machine);
                Eventually.pass(FLAP);
                network.rejoin(machine);
                Eventually.pass(FLAP);
            }
            control.awaitReady(SYNC, HOSTS - 1);
            clients.awaitMore(100);
            clients.stop();
            assertThat(clients.lost()).isEmpty();
        }
        assertThat(control.failovers(SYNC).size()).isBetween(failovers, failovers + 1);
    }

    /**
     * What the primary sends to one elector's host is lost, or what that sends to the primary; the
     * server reaches both. Expected: nobody fails over and no session ends; it is told that this
     * elector would not vouch.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPrimaryThatOnlyOneElectorCannotReachGoesOn(boolean there) throws SQLException {
        String before = control.primary(SYNC);
        int primary = machineOf(before, SYNC);
        int elector = machineOf(asyncReplica(), SYNC);
        int failovers = control.failovers(SYNC).size();
        int from = there ? primary : elector;
        int to = there ? elector : primary;
        try (DirectClients clients = DirectClients.on(control, SYNC)) {
            clients.awaitMore(100);

            network.lose(from, to);
            try {
                Eventually.until(SOON, "it is told", this::isVoucherMissing);
                clients.flowFor(Duration.ofSeconds(10));
            } finally {
                network.carry(from, to);
            }

            Eventually.until(SOON, "it is over", () -> !isVoucherMissing());
            control.awaitReady(SYNC, HOSTS - 1);
            clients.awaitMore(100);
            clients.stop();
            assertThat(clients.sessionsEnded()).isZero();
            assertThat(clients.lost()).isEmpty();
        }
        assertThat(control.primary(SYNC)).isEqualTo(before);
        assertThat(control.failovers(SYNC)).hasSize(failovers);
    }

    /**
     * The server is cut off from all hosts, and what one elector answers does not arrive. Expected,
     * as the instance says beforehand: the primary stops when its lease is over, and nobody takes
     * its place (S4). The server that is back mends it, and nothing is lost.
     */
    @Test
    void withoutServersAnElectorThatIsNotHeardStopsThePrimary() throws SQLException {
        String before = control.primary(SYNC);
        int primary = machineOf(before, SYNC);
        int elector = machineOf(asyncReplica(), SYNC);
        Home host = hosts.get(primary - 1);
        long postmaster = host.postmaster(host.hostOf(before), before);
        assertThat(control.instance(SYNC).ifServersDied())
                .contains("goes on while it reaches", "without one of them it stops within 3 s");
        try (DirectClients clients = DirectClients.on(control, SYNC)) {
            clients.awaitMore(100);

            network.isolate(CONTROL);
            clients.flowFor(Duration.ofSeconds(5));
            network.lose(elector, primary);
            try {
                Eventually.until(SOON, "it is fenced", () -> !Home.alive(postmaster));
                int rows = clients.acks().size();
                Eventually.pass(Duration.ofSeconds(5));
                assertThat(clients.acks()).as("nobody acknowledges").hasSize(rows);
            } finally {
                network.carry(elector, primary);
                network.rejoin(CONTROL);
            }

            control.awaitReady(SYNC, HOSTS - 1);
            clients.awaitMore(100);
            clients.stop();
            assertThat(clients.lost()).isEmpty();
        }
    }

    /**
     * The policy is Serve, and the primary is cut off from the server and from all others.
     * Expected: it goes on for those who reach it, longer than any lease; nobody takes over, and
     * somebody is asked. Back in the network the question is withdrawn, and nothing is lost.
     */
    @Test
    void anIsolatedPrimaryThatIsToServeGoesOnAndSomebodyIsAsked() throws SQLException {
        policy("Serve");
        Eventually.until(SOON, "nobody votes", () -> electors() == 0);
        String before = control.primary(ASYNC);
        int machine = machineOf(before, ASYNC);
        int failovers = control.failovers(ASYNC).size();
        try (DirectClients clients = DirectClients.on(control, ASYNC)) {
            clients.awaitMore(100);

            network.isolate(machine);
            try {
                Eventually.until(SOON, "somebody is asked", this::isAsked);
                clients.flowFor(Duration.ofSeconds(10));
            } finally {
                network.rejoin(machine);
            }

            Eventually.until(SOON, "the question is withdrawn", () -> !isAsked());
            clients.awaitMore(100);
            clients.stop();
            assertThat(clients.sessionsEnded()).isZero();
            assertThat(clients.lost()).isEmpty();
        }
        assertThat(control.primary(ASYNC)).isEqualTo(before);
        assertThat(control.failovers(ASYNC)).hasSize(failovers);
        policy("Fence");
        control.awaitReady(ASYNC, HOSTS - 1);
    }

    private void policy(String policy) {
        control.toygres("update", ASYNC, "--isolation-policy", policy).succeeded();
    }

    private int electors() {
        return control.instance(ASYNC).electorate().size();
    }

    private boolean isAsked() {
        return control.questions().stream()
                .anyMatch(one -> one.instanceId().equals(Optional.of(ASYNC)));
    }

    private boolean isVoucherMissing() {
        return control.alerts("VoucherMissing").stream()
                .anyMatch(one -> one.instanceId().equals(Optional.of(SYNC)));
    }

    private static long last(List<Ack> acks) {
        return acks.stream().map(Ack::at).max(Comparator.naturalOrder()).orElseThrow();
    }

    private String syncReplica() {
        return replica("Sync");
    }

    private String asyncReplica() {
        return replica("Async");
    }

    private String replica(String mode) {
        return control.instance(SYNC).replicas().stream()
                .filter(one -> one.replicationMode().equals(mode))
                .map(Replica::id)
                .findFirst()
                .orElseThrow();
    }

    private int machineOf(String member, String id) {
        return network.machineAt(control.address(id, member));
    }
}
