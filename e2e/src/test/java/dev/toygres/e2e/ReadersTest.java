package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.Address;
import dev.toygres.api.Credentials;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Whoever reads through the read-only address while the primary is killed, frozen, and replaced.
 * Expected: reads go on, at the replica that is left or at the new primary; none is answered by the
 * old one once the new one has acknowledged a row; and when all are back, both replicas serve, and
 * they have every row that was acknowledged.
 */
@Tag("scenario")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadersTest {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String ID = "pg";
    private static final String WHO = "select pg_is_in_recovery(), host(inet_server_addr())";

    private Home home;
    private Credentials credentials;
    private Address place;

    /** By whom a read was answered, and when. */
    private record Answer(long at, boolean standby, String server) {}

    @BeforeAll
    void up() {
        home = Home.up(3);
        home.create(ID);
        home.toygres("replica", "add", ID, "pg-r1", "--mode", "async").succeeded();
        home.toygres("replica", "add", ID, "pg-r2", "--mode", "async").succeeded();
        home.toygres("health-config", ID, "--cooldown", "0s", "--failovers-per-hour", "60")
                .succeeded();
        try (ToygresClient client = home.client()) {
            credentials = client.getCredentials(ID);
            place = client.getInstance(ID).endpoints().orElseThrow().readOnly();
        }
    }

    @AfterAll
    void down() {
        home.close();
    }

    @Test
    void readsGoOnWhenThePrimaryIsKilled() throws Exception {
        goOnThrough(primary -> Home.kill9(home.postmaster(home.hostOf(primary), primary)));
    }

    @Test
    void readsGoOnWhenThePrimaryHangs() throws Exception {
        goOnThrough(home::freeze);
    }

    private interface Blow {
        void strike(String primary);
    }

    private void goOnThrough(Blow blow) throws Exception {
        home.awaitReady(ID, 2);
        String before = home.primary(ID);
        List<Answer> answers = new CopyOnWriteArrayList<>();
        var ended = new AtomicBoolean();
        var reader = Thread.ofVirtual().start(() -> read(answers, ended));
        try (Load load = Load.on(home, ID, false)) {
            load.awaitMore(100);
            Eventually.until(SOON, "reads are answered", () -> answers.size() > 20);

            String old = home.address(ID, before);
            blow.strike(before);

            Eventually.until(SOON, "somebody takes over", () -> !home.primary(ID).equals(before));
            load.awaitMore(50);
            long replaced = System.nanoTime();
            int soFar = answers.size();
            Eventually.until(SOON, "reads go on", () -> answers.size() > soFar + 20);
            assertThat(answers)
                    .as("by the old primary, as that")
                    .noneMatch(
                            one ->
                                    one.at() > replaced
                                            && !one.standby()
                                            && one.server().equals(old));
            home.awaitReady(ID, 2);
            load.awaitMore(50);
            load.stop();
            assertThat(load.lost()).isEmpty();
            Eventually.until(SOON, "both replicas serve, and nobody else", () -> bothServe());
        } finally {
            ended.set(true);
            reader.join();
        }
        System.out.printf("reads: %d, longest pause %d ms%n", answers.size(), longest(answers));
    }

    private void read(List<Answer> answers, AtomicBoolean ended) {
        while (!ended.get()) {
            try {
                answers.add(ask());
                Thread.sleep(20);
            } catch (SQLException away) {
                // The pause is what counts.
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    private Answer ask() throws SQLException {
        try (Connection connection = Home.connect(credentials, place.host(), place.port());
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(WHO)) {
            rows.next();
            return new Answer(System.nanoTime(), rows.getBoolean(1), rows.getString(2));
        }
    }

    private boolean bothServe() {
        Set<String> servers = new HashSet<>();
        try {
            for (int i = 0; i < 12; i++) {
                Answer answer = ask();
                if (!answer.standby()) {
                    return false;
                }
                servers.add(answer.server());
            }
        } catch (SQLException away) {
            return false;
        }
        return servers.size() == 2;
    }

    private static long longest(List<Answer> answers) {
        long most = 0;
        for (int i = 1; i < answers.size(); i++) {
            most = Math.max(most, answers.get(i).at() - answers.get(i - 1).at());
        }
        return Duration.ofNanos(most).toMillis();
    }
}
