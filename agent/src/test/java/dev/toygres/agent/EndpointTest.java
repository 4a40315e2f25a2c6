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
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
                "toygres_pooler",
                SHOP.poolerPassword.reveal(),
                SHOP.certificate,
                Optional.empty());
    }

    private static String systemBehindTheEndpoint() throws SQLException {
        try (var connection = SHOP.sql(ports.readWrite())) {
            return Workshop.value(connection, "SELECT system_identifier FROM pg_control_system()");
        }
    }
}
