package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.Processes;
import dev.toygres.agent.process.Signal;
import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.model.InstanceId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("harness")
final class EndpointTest {
    private static final Workshop SHOP = new Workshop();
    private static MemberUp member;
    private static EndpointPorts ports;
    private static final String CUT = "57P01";
    private static final int TLS = 'S';
    private static long term = 1;

    @BeforeAll
    static void open() {
        member = SHOP.create("app-1");
        ports = SHOP.openEndpoint(member, term);
    }

    @AfterAll
    static void leaveNothingBehind() {
        SHOP.closeEndpoint(100);
        assertThat(Remains.of(SHOP.home.resolve("hosts/host-1/endpoints"))).isEmpty();
        assertThat(SHOP.home.resolve("hosts/host-1/endpoints/app")).doesNotExist();
        SHOP.close();
    }

    @Test
    void servesAllThreePorts() throws SQLException {
        for (var port : new int[] {ports.readWrite(), ports.readOnly(), ports.pooled()}) {
            try (var connection = SHOP.sql(port)) {
                assertThat(Workshop.value(connection, "SELECT current_user")).isEqualTo("app");
            }
        }
    }

    @Test
    void refusesAWrongPassword() {
        for (var port : new int[] {ports.readWrite(), ports.pooled()}) {
            assertThatThrownBy(() -> SHOP.sql(port, "app", "wrong", "app", "require"))
                    .isInstanceOf(SQLException.class);
        }
    }

    @Test
    void acceptsNoPlainText() {
        for (var port : new int[] {ports.readWrite(), ports.pooled()}) {
            assertThatThrownBy(
                            () ->
                                    SHOP.sql(
                                            port,
                                            "app",
                                            SHOP.ownerPassword.reveal(),
                                            "app",
                                            "disable"))
                    .isInstanceOf(SQLException.class);
        }
    }

    @Test
    void poolsARoleThatTheOwnerCreatesLater() throws SQLException {
        try (var owner = SHOP.sql(ports.readWrite())) {
            Workshop.run(owner, "CREATE ROLE later LOGIN PASSWORD 'later-secret'");
            Workshop.run(owner, "GRANT later TO app");
            Workshop.run(owner, "CREATE DATABASE later OWNER later");
        }

        try (var pooled = SHOP.sql(ports.pooled(), "later", "later-secret", "later", "require")) {
            assertThat(Workshop.value(pooled, "SELECT current_user")).isEqualTo("later");
        }
    }

    @Test
    void poolsNoServiceRole() {
        assertThatThrownBy(() -> SHOP.sql(ports.pooled(), "postgres", "any", "app", "require"))
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(
                        () ->
                                SHOP.sql(
                                        ports.pooled(),
                                        "toygres_pooler",
                                        SHOP.poolerPassword.reveal() + "x",
                                        "app",
                                        "require"))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void openingAgainChangesNothing() {
        var pid = haProxy();

        assertThat(SHOP.openEndpoint(member, term)).isEqualTo(ports);

        assertThat(haProxy()).isEqualTo(pid);
    }

    private static Optional<Long> haProxy() {
        return Processes.pidIn(SHOP.home.resolve("run/haproxy-app.pid"));
    }

    @Test
    void holdsClientsThatConnectDuringARestart() throws Exception {
        var restarting = new AtomicBoolean(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = new ArrayList<Future<Long>>();
            for (var port : new int[] {ports.readWrite(), ports.readWrite(), ports.pooled()}) {
                clients.add(threads.submit(() -> connectAgainAndAgain(port, restarting)));
            }
            for (int i = 0; i < 3; i++) {
                System.out.println("interruption " + SHOP.restart("app-1").interruptionMs());
            }
            restarting.set(false);
            for (var client : clients) {
                System.out.println("longest connect " + longest(client) + " ms");
            }
        }
    }

    private static long longest(Future<Long> client) throws InterruptedException {
        try {
            return client.get();
        } catch (ExecutionException refused) {
            throw new AssertionError("a client was not held", refused.getCause());
        }
    }

    /** Connecting must never fail; only a login that had begun before the stop may be cut. */
    private static long connectAgainAndAgain(int port, AtomicBoolean going) throws SQLException {
        long longest = 0;
        while (going.get()) {
            var began = System.nanoTime();
            try (var connection = SHOP.sql(port)) {
                longest = Math.max(longest, (System.nanoTime() - began) / 1_000_000);
                assertThat(connection.getMetaData().getUserName()).isEqualTo("app");
            } catch (SQLException failure) {
                if (!CUT.equals(failure.getSQLState())) {
                    throw failure;
                }
            }
        }
        return longest;
    }

    /**
     * HAProxy forgets to wake an action whose sleep was over before the action returned: a client
     * that was held then was silent until the inspect-delay of a minute had passed.
     */
    @Test
    void wakesAHeldClientThoughHaProxyWasFrozen() throws Exception {
        SHOP.hold(++term, Duration.ofSeconds(5));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 60; i++) {
                clients.add(threads.submit(() -> asksForTls(ports.readWrite())));
            }
            freezeAgainAndAgain(haProxy().orElseThrow());
            SHOP.openEndpoint(member, term);
            for (var client : clients) {
                assertThat(client.get(20, TimeUnit.SECONDS)).isEqualTo(TLS);
            }
        }
    }

    /** Each time for longer than a held client sleeps between two looks. */
    private static void freezeAgainAndAgain(long pid) throws Exception {
        var script =
                "for i in $(seq 60); do kill -STOP %1$d; sleep 0.012; kill -CONT %1$d; sleep 0.01; done"
                        .formatted(pid);
        assertThat(new ProcessBuilder("sh", "-c", script).start().waitFor()).isZero();
    }

    /** What Postgres answers to an SSLRequest; -1 when the connection was closed instead. */
    private static int asksForTls(int port) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(90_000);
            socket.getOutputStream().write(new byte[] {0, 0, 0, 8, 4, (byte) 0xd2, 0x16, 0x2f});
            return socket.getInputStream().read();
        }
    }

    /** One that had been let through when the gate was closed was sent away. */
    @Test
    void closesNoClientWhenTheGateIsClosed() throws Exception {
        var going = new AtomicBoolean(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = new ArrayList<Future<Boolean>>();
            for (int i = 0; i < 12; i++) {
                clients.add(
                        threads.submit(
                                () -> {
                                    while (going.get()) {
                                        assertThat(asksForTls(ports.readWrite())).isEqualTo(TLS);
                                    }
                                    return true;
                                }));
            }
            for (int i = 0; i < 40; i++) {
                SHOP.hold(++term, Duration.ofSeconds(5));
                SHOP.openEndpoint(member, term);
            }
            going.set(false);
            for (var client : clients) {
                assertThat(client.get(60, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    /** The wait for clients was done under the lock that every stop and start of a member takes. */
    @Test
    void aHoldThatWaitsForClientsKeepsNobodyElse() throws Exception {
        SHOP.create("app-3");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var slow = SHOP.sql(ports.pooled())) {
            slow.setAutoCommit(false);
            assertThat(Workshop.value(slow, "SELECT 1")).isEqualTo("1");
            term++;
            var hold =
                    threads.submit(
                            () ->
                                    SHOP.order(
                                            "hold",
                                            new Order.HoldEndpoint(
                                                    new InstanceId("app"),
                                                    term,
                                                    Duration.ofMinutes(10)),
                                            1,
                                            1));
            assertThat(Await.until(Duration.ofSeconds(20), EndpointTest::isHeld)).isTrue();

            SHOP.destroy("app-3");
            SHOP.openEndpoint(member, term);

            assertThat(hold.get(20, TimeUnit.SECONDS).state()).isEqualTo(JobStatus.State.Succeeded);
            assertThat(isHeld()).isFalse();
        }
    }

    private static boolean isHeld() {
        return SHOP.agent().status().endpoints().getFirst().held();
    }

    @Test
    void survivesARestartOfTheAgent() throws SQLException {
        var pid = haProxy();
        try (var direct = SHOP.sql(ports.readWrite());
                var pooled = SHOP.sql(ports.pooled())) {

            SHOP.restartAgent();

            assertThat(Workshop.value(direct, "SELECT 1")).isEqualTo("1");
            assertThat(Workshop.value(pooled, "SELECT 1")).isEqualTo("1");
        }
        assertThat(haProxy()).isEqualTo(pid);
        assertThat(SHOP.agent().status().endpoints().getFirst().up()).isTrue();
    }

    @Test
    void comesBackWhenItsProcessesDie() {
        for (var program : new String[] {"haproxy", "pgbouncer"}) {
            var file = SHOP.home.resolve("run/" + program + "-app.pid");
            var pid = Processes.pidIn(file).orElseThrow();

            Signal.KILL.to(pid);

            assertThat(Await.until(Duration.ofSeconds(10), () -> !Processes.isAlive(pid))).isTrue();
            assertThat(Await.until(Duration.ofSeconds(10), EndpointTest::isServed)).isTrue();
        }
    }

    private static boolean isServed() {
        if (!SHOP.agent().status().endpoints().getFirst().up()) {
            return false;
        }
        try (var direct = SHOP.sql(ports.readWrite());
                var pooled = SHOP.sql(ports.pooled())) {
            return Workshop.value(direct, "SELECT 1").equals("1")
                    && Workshop.value(pooled, "SELECT 1").equals("1");
        } catch (SQLException notYet) {
            return false;
        }
    }

    @Test
    void followsANewerTermToAnotherMemberAndNoOlderOne() throws SQLException {
        var pid = haProxy();
        var other = SHOP.create("app-2");
        try (var old = SHOP.sql(ports.readWrite())) {

            assertThat(SHOP.openEndpoint(other, ++term)).isEqualTo(ports);

            assertThatThrownBy(() -> Workshop.value(old, "SELECT 1"))
                    .isInstanceOf(SQLException.class);
        }
        assertThat(systemBehindTheEndpoint()).isEqualTo(other.systemIdentifier());
        assertThat(haProxy()).isEqualTo(pid);

        assertThat(SHOP.order(opening(term - 1)).state()).isEqualTo(JobStatus.State.Refused);

        assertThat(systemBehindTheEndpoint()).isEqualTo(other.systemIdentifier());
        SHOP.openEndpoint(member, ++term);
        assertThat(systemBehindTheEndpoint()).isEqualTo(member.systemIdentifier());
    }

    private static Order opening(long older) {
        return new Order.OpenEndpoint(
                new InstanceId("app"),
                older,
                member.address(),
                List.of(),
                false,
                "toygres_pooler",
                SHOP.poolerPassword.reveal(),
                SHOP.certificate,
                Optional.empty(),
                Optional.empty());
    }

    private static String systemBehindTheEndpoint() throws SQLException {
        try (var connection = SHOP.sql(ports.readWrite())) {
            return Workshop.value(connection, "SELECT system_identifier FROM pg_control_system()");
        }
    }
}
