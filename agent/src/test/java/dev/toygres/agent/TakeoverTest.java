package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agent.process.Processes;
import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.agentapi.HostStatus.EndpointStatus;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.EndpointUp;
import dev.toygres.testkit.Eventually;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An endpoint whose host is dead, and another host that serves its addresses (S13). */
@Tag("harness")
final class TakeoverTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration SILENCE = Duration.ofSeconds(1);

    private final Fleet fleet = new Fleet(3);
    private EndpointPorts ports;

    @BeforeEach
    void open() {
        fleet.createPrimary(1);
        ports = opened(3, Optional.empty());
    }

    @AfterEach
    void leaveNothingBehind() {
        fleet.close();
    }

    private EndpointPorts opened(int at, Optional<EndpointPorts> place) {
        var status = fleet.put(at, fleet.openingFor(1, place, SILENCE));
        return Workshop.result(status, EndpointUp.class).ports();
    }

    @Test
    void anEndpointEndsWithTheSilenceOfItsAgentAndStaysSoUntilItsServerSaysOtherwise()
            throws SQLException {
        assertThat(served()).isTrue();

        fleet.stopAgent(3);

        Eventually.within(SOON, () -> assertThat(haProxy(3)).isEmpty());
        fleet.startAgent(3, CrashPoint.NONE);
        Eventually.within(SOON, () -> assertThat(endpoint(3).ended()).isTrue());
        assertThat(endpoint(3).up()).isFalse();
        opened(3, Optional.empty());
        assertThat(endpoint(3).ended()).isFalse();
        Eventually.within(SOON, () -> assertThat(served()).isTrue());
    }

    @Test
    void anEndpointThatMayOutliveItsAgentDoesSo() throws Exception {
        fleet.order(3, fleet.opening(1, List.of()));
        fleet.stopAgent(3);
        Thread.sleep(SILENCE.multipliedBy(2));
        assertThat(served()).isTrue();
        fleet.startAgent(3, CrashPoint.NONE);
    }

    @Test
    void anotherHostTakesTheAddressesOverOnceTheOldOneHasLetGo() throws SQLException {
        fleet.stopAgent(3);

        assertThat(opened(2, Optional.of(ports))).isEqualTo(ports);

        assertThat(haProxy(3)).isEmpty();
        assertThat(served()).isTrue();
        assertThat(pooled()).isEqualTo("1");
        fleet.startAgent(3, CrashPoint.NONE);
        Eventually.within(SOON, () -> assertThat(endpoint(3).up()).isFalse());
        fleet.order(3, new Order.CloseEndpoint(Fleet.APP, fleet.term));
        Eventually.within(SOON, () -> assertThat(pooled()).isEqualTo("1"));
        assertThat(endpoint(2).up()).isTrue();
        assertThat(Processes.pidIn(fleet.home.resolve("run/haproxy-app.pid")))
                .isEqualTo(haProxy(2));
    }

    /** Its PgBouncer had the port, which was waited for until somebody could close it. */
    @Test
    void theFirstHostTakesItsAddressesBackWhenTheAgentOfTheOtherOneDies() throws SQLException {
        fleet.stopAgent(3);
        opened(2, Optional.of(ports));
        fleet.startAgent(3, CrashPoint.NONE);
        fleet.order(3, new Order.CloseEndpoint(Fleet.APP, fleet.term));
        Eventually.within(SOON, () -> assertThat(endpoint(2).up()).isTrue());
        fleet.stopAgent(2);

        assertThat(opened(3, Optional.of(ports))).isEqualTo(ports);

        assertThat(served()).isTrue();
        assertThat(pooled()).isEqualTo("1");
        fleet.startAgent(2, CrashPoint.NONE);
        fleet.order(2, new Order.CloseEndpoint(Fleet.APP, fleet.term));
        Eventually.within(SOON, () -> assertThat(pooled()).isEqualTo("1"));
        Eventually.within(SOON, () -> assertThat(endpoint(3).up()).isTrue());
    }

    @Test
    void nobodyTakesTheAddressesOfAnEndpointThatLives() throws SQLException {
        var status = fleet.put(2, fleet.openingFor(1, Optional.of(ports), SILENCE));

        assertThat(status.state()).isEqualTo(JobStatus.State.Failed);
        assertThat(status.error().orElseThrow()).contains("is taken");
        assertThat(served()).isTrue();
    }

    /** The addresses were given back 9 s after everybody had turned away from that host. */
    @Test
    void whoWaitsForAPortLetsGoOfItWhenTheAddressesAreClosedThere() {
        var waiting =
                CompletableFuture.supplyAsync(
                        () ->
                                fleet.put(
                                        2,
                                        fleet.openingFor(
                                                1, Optional.of(ports), Duration.ofMinutes(1))));
        Eventually.within(SOON, () -> assertThat(fleet.agent(2).status().endpoints()).hasSize(1));

        fleet.order(2, new Order.CloseEndpoint(Fleet.APP, fleet.term));

        assertThat(waiting.join().state()).isEqualTo(JobStatus.State.Failed);
        assertThat(fleet.agent(2).status().endpoints()).isEmpty();
    }

    /** Writers were told by a standby that they must not write, until somebody led them on. */
    @Test
    void nobodyIsLedToAFormerPrimaryByAnEndpointThatHasNotHeard() throws SQLException {
        fleet.order(3, new Order.CloseEndpoint(Fleet.APP, fleet.term));
        ports = fleet.open(1, 1, List.of());
        fleet.createReplica(2, 1);
        fleet.term++;
        fleet.fence(1);
        fleet.promote(2, List.of());

        fleet.rejoin(1, 2);

        fleet.restartAgent(1);
        assertThat(knocks()).as("waits").isFalse();
        fleet.term++;
        fleet.fence(2);
        fleet.promote(1, List.of());
        assertThat(knocks()).isTrue();
    }

    /** Whether a client gets in soon: held ones wait for half a minute. */
    private boolean knocks() {
        var knock =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return served();
                            } catch (SQLException refused) {
                                throw new CompletionException(refused);
                            }
                        });
        try {
            return knock.get(5, TimeUnit.SECONDS);
        } catch (TimeoutException waits) {
            return false;
        } catch (InterruptedException | ExecutionException cause) {
            throw new AssertionError(cause);
        }
    }

    private EndpointStatus endpoint(int host) {
        return fleet.agent(host).status().endpoints().getFirst();
    }

    private String pooled() throws SQLException {
        try (var connection = fleet.sql(ports.host(), ports.pooled())) {
            return Workshop.value(connection, "SELECT 1");
        }
    }

    private boolean served() throws SQLException {
        try (var connection = fleet.sql(ports.host(), ports.readWrite())) {
            return Workshop.value(connection, "SELECT current_user").equals("app");
        }
    }

    private Optional<Long> haProxy(int host) {
        var root = fleet.home.resolve("hosts/host-" + host + "/endpoints/app/haproxy/haproxy.cfg");
        return Processes.find("haproxy", root.toString());
    }
}
