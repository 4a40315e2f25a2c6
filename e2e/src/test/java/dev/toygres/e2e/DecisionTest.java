package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The host of an asynchronous primary is lost while all replicas lack more than may be lost.
 * Expected: nobody takes over by itself, somebody is asked and told how much each lacks; a word
 * that accepts less is refused; with the word the chosen one takes over, and what the old primary
 * alone had is kept, counted and told when it comes back.
 */
@Tag("scenario")
class DecisionTest {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String ID = "pg";
    private static final int FEW = 50;

    /** A megabyte: sockets hold back some, which is not lost with the host. */
    private static final String BULK =
            "insert into kept select repeat('x', 1000) from generate_series(1, 1000)";

    @Test
    void r3_45WhereDataIsAtRiskSomebodyDecidesAndNothingGoesSilently() throws SQLException {
        try (Home home = Home.up(3)) {
            home.create(ID);
            home.toygres("replica", "add", ID, "pg-r1", "--mode", "async").succeeded();
            home.toygres("replica", "add", ID, "pg-r2", "--mode", "async").succeeded();
            home.toygres("health-config", ID, "--max-eligible-lag", "1000").succeeded();
            home.awaitStreaming(ID, 2);
            home.awaitReady(ID);
            execute(home, "create table kept (t text)");
            String lost = home.hostOf("pg-m1");

            List<Long> receivers =
                    List.of(
                            home.process("pg-r1", "walreceiver"),
                            home.process("pg-r2", "walreceiver"));
            receivers.forEach(pid -> Home.signal(pid, "STOP"));
            fill(home);
            awaitKnown(home);
            home.killHost(lost);
            receivers.forEach(pid -> Home.signal(pid, "CONT"));

            String question = question(home);
            assertThat(home.instance(ID).primary()).as("nobody by itself").contains("pg-m1");
            assertThat(home.toygres("operation", "show", question).output())
                    .contains("pg-r1", "pg-r2", "force");
            Launcher.Outcome greedy =
                    home.toygres("operation", "decide", question, "force", "--candidate", "pg-r1");
            assertThat(greedy.exitCode()).isNotZero();
            assertThat(greedy.errors()).contains("acceptDataLossBytes");
            home.toygres(
                            "operation",
                            "decide",
                            question,
                            "force",
                            "--candidate",
                            "pg-r1",
                            "--accept-data-loss-bytes",
                            "100000000")
                    .succeeded();

            Eventually.until(SOON, "pg-r1 took over", () -> home.primary(ID).equals("pg-r1"));
            execute(home, "insert into kept values ('next')");
            home.toygres("up", "--host", lost).succeeded();
            home.awaitStreaming(ID, 2);
            assertThat(home.toygres("alerts", "--all").output())
                    .containsPattern(
                            "came back with [1-9][0-9]? transactions that nobody else has");
            assertThat(home.failovers(ID).getFirst().cause()).isEqualTo("forced");
        }
    }

    /** How far the primary is, for it will not be asked afterwards. */
    private static void awaitKnown(Home home) {
        try (ToygresClient client = home.client()) {
            Eventually.until(
                    SOON,
                    "the server has seen that all are behind",
                    () ->
                            client.getAutoFailover(ID).candidates().stream()
                                    .allMatch(one -> one.lagBytes().orElse(0L) > 10_000_000));
        }
    }

    private static String question(Home home) {
        Eventually.until(SOON, "somebody is asked", () -> !home.questions().isEmpty());
        return home.questions().getFirst().id();
    }

    /** In one session: a receiver that hangs is seen to within some seconds. */
    private static void fill(Home home) throws SQLException {
        try (Connection connection = home.connect(ID, false);
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < FEW; i++) {
                statement.execute(BULK);
            }
        }
    }

    private static void execute(Home home, String sql) throws SQLException {
        try (Connection connection = home.connect(ID, false);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
