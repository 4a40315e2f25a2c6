package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.api.AddReplicaRequest;
import dev.toygres.api.Credentials;
import dev.toygres.api.FailoverOptions;
import dev.toygres.api.FailoverRequest;
import dev.toygres.api.OperationState;
import dev.toygres.api.Replica;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is in flight while the primary moves (D6, R2.15). */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InterruptionTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String CUT = "57P01";
    private static final int SESSIONS = 20;

    private Home home;
    private ToygresClient client;

    @BeforeAll
    void up() {
        home = Home.up(2);
        client = home.client();
        home.create("pg");
        client.addReplica("pg", new AddReplicaRequest("pg-r1", Optional.empty())).await();
    }

    @AfterAll
    void down() {
        client.close();
        home.close();
    }

    /** Expected: all twenty are ended once the time is over, and nobody else notices. */
    @Test
    void twentySessionsIdleInTransactionHoldUpNobody() throws SQLException {
        List<Connection> idle = new ArrayList<>();
        try (Load pooled = Load.on(home, "pg", true)) {
            for (int i = 0; i < SESSIONS; i++) {
                Connection session = home.connect("pg", false);
                session.setAutoCommit(false);
                execute(session, "select 1");
                idle.add(session);
            }

            moves();

            for (Connection session : idle) {
                assertThatThrownBy(() -> execute(session, "select 1"))
                        .isInstanceOf(SQLException.class);
            }
            long before = pooled.acknowledgedCount();
            Eventually.until(SOON, "rows flow", () -> pooled.acknowledgedCount() > before + 20);
            pooled.stop();
            assertThat(pooled.failures()).isEmpty();
            assertThat(pooled.lost()).isEmpty();
        } finally {
            for (Connection session : idle) {
                session.close();
            }
        }
    }

    /** Expected: it is cut with 57P01 when its time is over, and left nothing. */
    @Test
    void aTransactionLongerThanTheDrainIsCut() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection session = home.connect("pg", false)) {
            execute(session, "create table if not exists cut (i int)");
            session.setAutoCommit(false);
            execute(session, "insert into cut values (1)");
            Future<String> end = threads.submit(() -> stateAfter(session, "select pg_sleep(600)"));

            moves();

            assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(CUT);
        }
        try (Connection session = home.connect("pg", false);
                Statement statement = session.createStatement();
                var rows = statement.executeQuery("select count(*) from cut")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isZero();
        }
    }

    /** Expected: whoever ends in time is not cut at all. */
    @Test
    void aTransactionThatEndsInTimeCommits() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection session = home.connect("pg", true)) {
            execute(session, "create table if not exists kept (i int)");
            session.setAutoCommit(false);
            execute(session, "insert into kept values (1)");
            Future<String> end =
                    threads.submit(
                            () -> {
                                String state = stateAfter(session, "select pg_sleep(1)");
                                session.commit();
                                return state;
                            });

            moves();

            assertThat(end.get(20, TimeUnit.SECONDS)).isEmpty();
            session.setAutoCommit(true);
            execute(session, "do $$ begin assert (select count(*) from kept) = 1; end $$");
        }
    }

    /** Expected: pgbench at saturation pauses, and not one of its transactions fails. */
    @Test
    void aSaturatedPoolOnlyPauses() throws Exception {
        Path directory = Files.createTempDirectory("toygres-pgbench");
        pgbench(directory, "-i", "-q", "-s", "2").waitFor();
        Process bench = pgbench(directory, "-c", "8", "-j", "2", "-T", "12");
        Eventually.until(SOON, "it writes", () -> historyIsLongerThan(100));

        moves();

        assertThat(bench.waitFor()).isZero();
        String words = Files.readString(directory.resolve("output"));
        System.out.println(words);
        assertThat(words)
                .contains("number of failed transactions: 0 ")
                .doesNotContain("aborted", "ERROR");
        Files.delete(directory.resolve("output"));
        Files.delete(directory.resolve("ca.pem"));
        Files.delete(directory);
    }

    private Process pgbench(Path directory, String... options) throws Exception {
        Credentials credentials = client.getCredentials("pg");
        Files.writeString(directory.resolve("ca.pem"), credentials.caCertificate());
        var address = client.getInstance("pg").endpoints().orElseThrow().pooled();
        List<String> command = new ArrayList<>(List.of("pgbench"));
        command.addAll(List.of(options));
        command.add(
                "host=%s port=%d user=%s dbname=%s sslmode=verify-full sslrootcert=%s"
                        .formatted(
                                address.host(),
                                address.port(),
                                credentials.username(),
                                credentials.database(),
                                directory.resolve("ca.pem")));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("output").toFile());
        builder.environment().put("PGPASSWORD", credentials.password());
        return builder.start();
    }

    private boolean historyIsLongerThan(int rows) throws SQLException {
        try (Connection session = home.connect("pg", true);
                Statement statement = session.createStatement();
                var found = statement.executeQuery("select count(*) from pgbench_history")) {
            return found.next() && found.getInt(1) > rows;
        }
    }

    /** With a time for clients that one may wait for; it takes little more than that. */
    private void moves() {
        FailoverOptions options =
                new FailoverOptions(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(PATIENCE));
        var done =
                client.startFailover(
                                "pg", new FailoverRequest(Optional.empty(), Optional.of(options)))
                        .await();
        assertThat(done.state()).isEqualTo(OperationState.Succeeded);
        Eventually.within(
                SOON,
                () ->
                        assertThat(client.getInstance("pg").replicas())
                                .hasSize(1)
                                .extracting(Replica::state)
                                .containsOnly("Streaming"));
    }

    private static void execute(Connection session, String words) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(words);
        }
    }

    /** The error that the statement ended with, or nothing. */
    private static String stateAfter(Connection session, String words) {
        try {
            execute(session, words);
            return "";
        } catch (SQLException ended) {
            return ended.getSQLState();
        }
    }
}
