package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.api.Instance;
import dev.toygres.api.OperationState;
import dev.toygres.client.ToygresClient;
import dev.toygres.client.ToygresException;
import dev.toygres.testkit.Eventually;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a user does with an instance, and what happens when things die meanwhile. */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InstanceLifeTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private Home home;

    @BeforeAll
    void up() {
        home = Home.up(1);
    }

    @AfterAll
    void down() {
        home.close();
    }

    @Test
    void anInstanceIsCreatedUsedStoppedStartedRestartedAndDeleted() throws SQLException {
        Instance made = home.create("life");
        assertThat(made.state()).isEqualTo("Running");
        assertThat(made.health()).isEqualTo("Healthy");
        assertThat(made.primary()).contains("life-m1");
        assertThat(made.replicas()).isEmpty();
        execute("life", "create table notes (words text); insert into notes values ('kept')");

        assertThat(home.toygres("stop", "life").succeeded().exitCode()).isZero();
        assertThat(state("life")).isEqualTo("Stopped");
        assertThat(home.toygres("start", "life").succeeded().exitCode()).isZero();
        assertThat(home.toygres("restart", "life").succeeded().exitCode()).isZero();
        assertThat(home.toygres("fence", "life").succeeded().exitCode()).isZero();
        assertThat(home.toygres("start", "life").errors()).contains("unfence it");
        assertThat(home.toygres("unfence", "life").succeeded().exitCode()).isZero();
        assertThat(ask("life", false, "select words from notes")).isEqualTo("kept");
        assertThat(ask("life", true, "select words from notes")).isEqualTo("kept");
        assertThat(home.toygres("psql", "life", "--", "-Atc", "select 40 + 2").succeeded().output())
                .isEqualToIgnoringWhitespace("42");

        home.toygres("delete", "life").succeeded();
        assertThat(home.toygres("get", "life").exitCode()).isEqualTo(3);
        assertThat(home.member("host-1", "life-m1").resolve("data")).doesNotExist();

        assertThat(home.create("life").state()).as("the name is free again").isEqualTo("Running");
    }

    @Test
    void serverAndAgentDieUnderLoadAndNoTransactionFails() throws SQLException {
        home.create("steady");
        try (Load load = Load.on(home, "steady", false);
                Load pooled = Load.on(home, "steady", true)) {
            Home.kill9(home.pid("server"));
            home.toygres("up").succeeded();
            Home.kill9(home.pid("agent-host-1"));
            home.toygres("up").succeeded();
            Eventually.within(SOON, () -> assertThat(health("steady")).isEqualTo("Healthy"));

            load.stop();
            pooled.stop();
            assertThat(load.failures()).isEmpty();
            assertThat(pooled.failures()).isEmpty();
            assertThat(load.acknowledgedCount()).isGreaterThan(100);
            assertThat(load.lost()).isEmpty();
        }
    }

    @Test
    void aKilledPostgresComesBackByItselfWithAllThatWasAcknowledged() throws SQLException {
        home.create("phoenix");
        long before = home.postmaster("host-1", "phoenix-m1");
        try (Load load = Load.on(home, "phoenix", false)) {
            Eventually.until(SOON, "rows flow", () -> load.acknowledgedCount() > 50);
            Home.kill9(before);
            Eventually.within(
                    SOON,
                    () -> assertThat(home.postmaster("host-1", "phoenix-m1")).isNotEqualTo(before));
            long after = load.acknowledgedCount();
            Eventually.until(SOON, "rows flow again", () -> load.acknowledgedCount() > after + 50);

            load.stop();
            assertThat(load.failures()).as("open sessions ended").isNotEmpty();
            assertThat(load.lost()).isEmpty();
        }
        Eventually.within(SOON, () -> assertThat(health("phoenix")).isEqualTo("Healthy"));
    }

    @Test
    void aDeletionDuringTheCreationLeavesNothingBehind() {
        try (ToygresClient client = home.client()) {
            var creation = client.createInstance(Home.nano("brief"));
            var deletion = client.deleteInstance("brief");
            assertThat(deletion.await(SOON).state()).isEqualTo(OperationState.Succeeded);
            assertThat(creation.now().state().isFinal()).isTrue();
            assertThatThrownBy(() -> client.getInstance("brief"))
                    .isInstanceOf(ToygresException.class);
        }
        assertThat(home.member("host-1", "brief-m1").resolve("data")).doesNotExist();
    }

    @Test
    void anotherInstanceDoesNotDisturbOpenConnections() throws SQLException {
        home.create("neighbour");
        try (Connection held = home.connect("neighbour", false);
                Connection pooled = home.connect("neighbour", true)) {
            home.create("newcomer");
            home.toygres("delete", "newcomer").succeeded();
            assertThat(ask(held, "select 1")).isEqualTo("1");
            assertThat(ask(pooled, "select 1")).isEqualTo("1");
        }
    }

    private String state(String id) {
        try (ToygresClient client = home.client()) {
            return client.getInstance(id).state();
        }
    }

    private String health(String id) {
        try (ToygresClient client = home.client()) {
            return client.getInstance(id).health();
        }
    }

    private void execute(String id, String sql) throws SQLException {
        try (Connection connection = home.connect(id, false);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String ask(String id, boolean pooled, String sql) throws SQLException {
        try (Connection connection = home.connect(id, pooled)) {
            return ask(connection, sql);
        }
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
