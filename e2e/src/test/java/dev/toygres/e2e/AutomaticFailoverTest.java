package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.Alert;
import dev.toygres.api.FailoverStatus;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Primaries that are killed or hang under load (R3): a replica takes over by itself, and every row
 * that was acknowledged is there, at once and after all members are back.
 */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AutomaticFailoverTest {
    private static final Duration GONE = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofSeconds(90);

    private Home home;

    @BeforeAll
    void up() {
        home = Home.up(3, "--servers", "2");
    }

    @AfterAll
    void down() {
        home.close();
    }

    /** And the server with it that was about to do something: the other one does. */
    @Test
    void aPrimaryKilledWithAServerIsReplacedAndAnAsynchronousOneLosesNothing() throws SQLException {
        prepare("killed", "async", "async");
        survives(
                "killed",
                id -> {
                    killPrimary(id);
                    Home.kill9(home.pid("server-2"));
                });
        home.toygres("up", "--servers", "2").succeeded();
        FailoverStatus account = home.failovers("killed").getFirst();
        assertThat(account.cause()).isEqualTo("automatic");
        assertThat(account.dataLossBytes()).as("S8").contains(0L);
        assertThat(home.toygres("auto-failover", "status", "killed").succeeded().output())
                .contains("FailOver")
                .contains("is dead");
        assertThat(alerts("killed", true))
                .as("R3.53, R3.54: before, during and after")
                .contains("FailoverStarted", "FailoverPromoted", "FailoverCompleted");
    }

    /** Patroni's lost rows: here nothing is left that could wake. */
    @Test
    void aHungPrimaryIsReplacedAndItsRowsAreThereWhenItWakes() throws SQLException {
        prepare("hung", "async", "async");
        List<Long> frozen = new ArrayList<>();
        survives("hung", id -> frozen.addAll(home.freeze(home.primary(id))));
        assertThat(frozen).as("S5: confirmed").noneMatch(Home::alive);
    }

    @Test
    void aSynchronousPrimaryThatDiesWithItsOnlySyncReplicaLosesNothing() throws SQLException {
        prepare("gated", "sync", "async");
        survives(
                "gated",
                id -> {
                    killPrimary(id);
                    Home.kill9(home.postmaster(home.hostOf("gated-r1"), "gated-r1"));
                });
    }

    /**
     * Nobody may take over: the dead primary is brought back where it is, and somebody is told of
     * it. First because all are too far behind, then because nobody wants it, then because there is
     * nobody.
     */
    @Test
    void whereNobodyMayTakeOverTheDeadPrimaryIsRestarted() throws SQLException {
        prepare("kept", "async", "async");
        List<Long> receivers =
                Stream.of("kept-r1", "kept-r2").map(r -> home.process(r, "walreceiver")).toList();
        receivers.forEach(pid -> Home.signal(pid, "STOP"));
        try (Connection connection = home.connect("kept", false);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table bulk as select repeat(g::text, 200) from generate_series(1,"
                            + " 30000) g");
        }
        restarts("kept", "maxEligibleLagBytes");
        receivers.forEach(pid -> Home.signal(pid, "CONT"));
        home.awaitStreaming("kept", 2);
        home.awaitReady("kept");

        home.toygres("auto-failover", "pause", "kept", "--for", "10m", "--reason", "maintenance")
                .succeeded();
        restarts("kept", "maintenance");
        home.toygres("auto-failover", "resume", "kept").succeeded();

        home.create("alone");
        restarts("alone", "there is no replica");
        assertThat(home.failovers("kept")).isEmpty();
    }

    /** D9: it is told, and moves nobody. */
    @Test
    void aCustomCheckThatFailsIsToldAndMovesNobody() {
        home.create("checked");
        home.toygres("replica", "add", "checked", "checked-r1").succeeded();
        home.toygres("health-config", "checked", "--custom-check", "select false").succeeded();

        Eventually.within(
                SOON,
                () -> {
                    assertThat(home.toygres("health", "checked").output())
                            .contains("the custom check answered no");
                    assertThat(alerts("checked", false)).contains("CustomCheckFailing");
                });
        assertThat(home.failovers("checked")).isEmpty();
    }

    /** The agent leaves the dead primary to the servers, who cannot even read what they know. */
    @Test
    void aPrimaryThatDiesWhileTheCatalogueHangsIsReplacedWhenItAnswers() throws SQLException {
        prepare("blind", "async", "async");
        List<Long> catalogue = home.catalogue();
        assertThat(catalogue).isNotEmpty();
        survives(
                "blind",
                id -> {
                    long postmaster =
                            home.postmaster(home.hostOf(home.primary(id)), home.primary(id));
                    catalogue.forEach(pid -> Home.signal(pid, "STOP"));
                    Home.kill9(postmaster);
                    Eventually.pass(GONE);
                    catalogue.forEach(pid -> Home.signal(pid, "CONT"));
                });
    }

    private void prepare(String id, String one, String other) {
        home.create(id);
        home.toygres("replica", "add", id, id + "-r1", "--mode", one).succeeded();
        home.toygres("replica", "add", id, id + "-r2", "--mode", other).succeeded();
        // Until then the replicas are being settled, and a dead primary is rather started again.
        home.awaitReady(id, 2);
    }

    /** Killed, and back by itself: the decision said so beforehand, and why. */
    private void restarts(String id, String why) {
        Eventually.within(SOON, () -> assertThat(ifDied(id)).startsWith("Restart").contains(why));
        String primary = home.primary(id);
        killPrimary(id);
        Eventually.within(
                SOON,
                () -> {
                    assertThat(alerts(id, true)).contains("NoAutomaticFailover");
                    assertThat(alerts(id, false)).doesNotContain("NoAutomaticFailover");
                    assertThat(writes(id)).isTrue();
                });
        assertThat(home.primary(id)).isEqualTo(primary);
    }

    private boolean writes(String id) {
        try (Connection connection = home.connect(id, false);
                Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists written (at timestamptz)");
            return statement.executeUpdate("insert into written values (now())") == 1;
        } catch (SQLException notNow) {
            return false;
        }
    }

    private String ifDied(String id) {
        try (ToygresClient client = home.client()) {
            var verdict = client.getAutoFailover(id).ifPrimaryDied();
            return verdict.action() + " " + verdict.why();
        }
    }

    /** Their kinds; also what is over. */
    private List<String> alerts(String id, boolean all) {
        try (ToygresClient client = home.client()) {
            return client.listAlerts(ListQuery.first().limit(500)).items().stream()
                    .filter(one -> one.instanceId().equals(Optional.of(id)))
                    .filter(one -> all || one.resolvedAt().isEmpty())
                    .map(Alert::kind)
                    .toList();
        }
    }

    /** Every acknowledged row: verified at once, and again after the old primary is back. */
    private void survives(String id, Consumer<String> blow) throws SQLException {
        String before = home.primary(id);
        try (Load load = Load.on(home, id, false)) {
            long rows = load.acknowledgedCount();
            Eventually.until(SOON, "rows flow", () -> load.acknowledgedCount() > rows + 200);
            load.takeLongestGap();

            blow.accept(id);

            awaitTakeover(id, before);
            long then = load.acknowledgedCount();
            Eventually.until(SOON, "rows flow", () -> load.acknowledgedCount() > then + 200);
            System.out.println(id + ": longest pause " + load.takeLongestGap());
            assertThat(load.lost()).as("at once").isEmpty();

            home.awaitStreaming(id, 2);
            load.stop();
            assertThat(load.lost()).as("after all members are back").isEmpty();
        }
        Eventually.within(
                SOON,
                () ->
                        assertThat(home.failovers(id))
                                .extracting(FailoverStatus::state)
                                .containsExactly("Completed"));
        System.out.println(id + ": " + home.failovers(id).getFirst());
    }

    /** Where none comes, the account says why. */
    private void awaitTakeover(String id, String before) {
        try {
            Eventually.until(
                    SOON,
                    "a replica has taken over",
                    () -> !home.instance(id).primary().orElse(before).equals(before));
        } catch (AssertionError stays) {
            System.out.println(home.failovers(id));
            System.out.println(home.toygres("auto-failover", "status", id).output());
            System.out.println(home.toygres("operation", "list", "--instance", id).output());
            throw stays;
        }
    }

    private void killPrimary(String id) {
        String primary = home.primary(id);
        Home.kill9(home.postmaster(home.hostOf(primary), primary));
    }
}
