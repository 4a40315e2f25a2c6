package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The wall clock of a machine is stepped by an hour, either way, under load. Expected: no lease
 * ends, nobody fails over, no session ends; while the clock is wrong a failover by hand goes
 * through; nothing is lost. Leases count by clocks that nobody can set (S2, ADR 12).
 */
@Tag("scenario")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClockTest {
    private static final int CONTROL = 0;
    private static final int HOSTS = 2;
    private static final String SHOP = "shop";

    private final List<Home> hosts = new ArrayList<>();
    private final List<SteppedClock> clocks = new ArrayList<>();
    private Network network;
    private Home control;

    @BeforeAll
    void up() throws IOException {
        assumeTrue(Network.isPossible(), "network namespaces take root and iproute2");
        network = Network.of(1 + HOSTS);
        for (int machine = 0; machine <= HOSTS; machine++) {
            clocks.add(new SteppedClock(network, machine));
        }
        control = Home.serving(network, CONTROL);
        for (int machine = 1; machine <= HOSTS; machine++) {
            hosts.add(control.join(network, machine));
        }
        control.create(SHOP);
        control.toygres("replica", "add", SHOP, SHOP + "-r1", "--mode", "sync").succeeded();
        control.awaitReady(SHOP);
    }

    @AfterAll
    void down() {
        try (Network _ = network;
                Home _ = control) {
            hosts.forEach(Home::close);
        } finally {
            clocks.reversed().forEach(SteppedClock::close);
        }
    }

    enum Whose {
        Primary,
        Replica,
        Server
    }

    @ParameterizedTest
    @CsvSource({
        "Primary, PT1H",
        "Primary, PT-1H",
        "Replica, PT1H",
        "Replica, PT-1H",
        "Server, PT1H",
        "Server, PT-1H"
    })
    void aClockThatIsSetMovesNobodyAndHoldsUpNothing(Whose whose, Duration by) throws SQLException {
        String before = control.primary(SHOP);
        int failovers = control.failovers(SHOP).size();
        SteppedClock clock = clocks.get(machine(whose, before));
        try (DirectClients clients = DirectClients.on(control, SHOP)) {
            clients.awaitMore(100);

            clock.step(by);
            try {
                assertThat(now(whose, before)).as("it is set").isBetween(around(by), later(by));
                clients.flowFor(Duration.ofSeconds(15));
                assertThat(clients.sessionsEnded()).as("nobody is moved").isZero();
                assertThat(control.failovers(SHOP)).hasSize(failovers);
                assertThat(alerts()).as("nobody is woken").isEmpty();

                control.toygres("failover", SHOP).succeeded();
                control.awaitReady(SHOP);
                clients.awaitMore(100);
            } finally {
                clock.step(Duration.ZERO);
            }
            clients.flowFor(Duration.ofSeconds(5));
            control.awaitReady(SHOP);
            clients.stop();
            assertThat(clients.lost()).isEmpty();
        }
        assertThat(control.primary(SHOP)).isNotEqualTo(before);
        assertThat(control.failovers(SHOP)).hasSize(failovers + 1);
    }

    private int machine(Whose whose, String primary) {
        int ofPrimary = network.machineAt(control.address(SHOP, primary));
        return switch (whose) {
            case Primary -> ofPrimary;
            case Replica -> 1 + HOSTS - ofPrimary;
            case Server -> CONTROL;
        };
    }

    /** As a process of that machine has it. */
    private Instant now(Whose whose, String primary) {
        List<String> date = new ArrayList<>(network.on(machine(whose, primary)));
        date.addAll(List.of("date", "+%s"));
        return Instant.ofEpochSecond(Long.parseLong(Command.run(date).strip()));
    }

    private static Instant around(Duration by) {
        return Instant.now().plus(by).minusSeconds(60);
    }

    private static Instant later(Duration by) {
        return around(by).plusSeconds(120);
    }

    private List<String> alerts() {
        try (ToygresClient client = control.client()) {
            return client.listAlerts(ListQuery.first()).items().stream()
                    .filter(one -> one.resolvedAt().isEmpty())
                    .map(one -> one.kind() + ": " + one.message())
                    .toList();
        }
    }
}
