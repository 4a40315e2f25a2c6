package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.Operation;
import dev.toygres.api.OperationState;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The hosts of a primary and of its only sync replica are lost together, under load: what was
 * acknowledged may be nowhere else, and the asynchronous replica that is left cannot know (R3, S5,
 * S7, D7, D8). What is expected stands at each case.
 */
@Tag("scenario")
class LostTogetherTest {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String ID = "pg";

    /** A megabyte: sockets hold back some, which is not lost with the host. */
    private static final String BULK =
            "insert into kept select repeat('x', 1000) from generate_series(1, 1000)";

    private static final int BULKS = 20;
    private static final Pattern KEPT =
            Pattern.compile("came back with (\\d+) transactions that nobody else has");

    private Home home;
    private String primary = "";
    private String gate = "";
    private String other = "";

    @BeforeEach
    void up() {
        home = Home.up(3);
        home.create(ID);
        home.toygres("replica", "add", ID, "pg-r1", "--mode", "sync").succeeded();
        home.toygres("replica", "add", ID, "pg-r2", "--mode", "async").succeeded();
        home.awaitReady(ID, 2);
        primary = home.primary(ID);
        gate = "pg-r1";
        other = "pg-r2";
    }

    @AfterEach
    void down() {
        home.close();
    }

    /**
     * Expected: R + W &gt; N is not to be had, so nobody takes over, however near the other replica
     * seems; somebody is asked, and told what is at risk. Once the host of the sync replica is back
     * there is nothing to decide any more: the question goes, that one takes over by itself, and
     * every acknowledged row is there, also after all are back (S7).
     */
    @Test
    void nobodyTakesOverUntilTheSyncReplicaIsBackWhichDoesByItself() throws SQLException {
        String primaryHost = home.hostOf(primary);
        String gateHost = home.hostOf(gate);
        try (Load load = Load.on(home, ID, false)) {
            load.awaitMore(200);

            home.killHost(primaryHost, gateHost);

            Operation question = question();
            assertThat(candidates(question)).contains(other).doesNotContain(gate);
            assertThat(home.toygres("operation", "show", question.id()).output()).contains(gate);
            assertThat(home.primary(ID)).as("nobody by itself").isEqualTo(primary);
            assertThat(home.failovers(ID)).as("nobody has begun").isEmpty();

            home.toygres("up", "--host", gateHost).succeeded();
            Eventually.until(SOON, gate + " took over", () -> home.primary(ID).equals(gate));
            load.awaitMore(200);
            assertThat(load.lost()).as("at once").isEmpty();
            assertThat(operation(question.id()).state()).isEqualTo(OperationState.Cancelled);

            home.toygres("up", "--host", primaryHost).succeeded();
            home.awaitStreaming(ID, 2);
            load.stop();
            assertThat(load.lost()).as("after all are back").isEmpty();
        }
        assertThat(home.failovers(ID))
                .singleElement()
                .satisfies(
                        one -> {
                            assertThat(one.cause()).isEqualTo("automatic");
                            assertThat(one.dataLossBytes()).as("S7").contains(0L);
                            assertThat(one.proof().orElse(""))
                                    .as("S5")
                                    .contains(primary + ": its lease of term");
                        });
    }

    /**
     * The other replica is behind. Expected: the question says by how many bytes; a word that
     * accepts fewer is refused, one that accepts them is enough, as the lease of the old primary
     * runs out for certain: nobody has to accept a split brain (S5). Strict as it is, commits then
     * wait for a sync replica, and that is said (D8); preferred, they go on. When the hosts are
     * back, both follow, and what was lost is counted: no acknowledged row is missing beyond those
     * transactions (S8).
     */
    @Test
    void oneWordForcesTheOtherReplicaAndWhatThatLackedIsCountedAndTold() throws SQLException {
        Sql.execute(home, ID, "create table kept (t text)");
        String primaryHost = home.hostOf(primary);
        String gateHost = home.hostOf(gate);
        try (Load load = Load.on(home, ID, false)) {
            load.awaitMore(100);
            long receiver = home.process(other, "walreceiver");
            Home.signal(receiver, "STOP");
            for (int i = 0; i < BULKS; i++) {
                Sql.execute(home, ID, BULK);
            }
            load.awaitMore(100);
            awaitKnown();

            home.killHost(primaryHost, gateHost);
            Home.signal(receiver, "CONT");

            String question = question().id();
            refuses(question, "0", "acceptDataLossBytes must be at least");
            force(question, "100000000").succeeded();
            Eventually.until(SOON, other + " took over", () -> home.primary(ID).equals(other));
            Eventually.until(SOON, "it is told", () -> !home.alerts("CommitsWait").isEmpty());
            home.toygres("update", ID, "--durability", "preferred").succeeded();
            load.awaitMore(200);

            home.toygres("up").succeeded();
            home.awaitStreaming(ID, 2);
            load.awaitMore(50);
            load.stop();
            List<Long> lost = load.lost();
            assertThat(lost).as("it was behind").isNotEmpty();
            assertThat(lost.size()).as("no more than is told").isLessThanOrEqualTo(told());
            System.out.println(
                    "lost together: %d rows of %d lost, %d transactions told of"
                            .formatted(lost.size(), load.acknowledgedCount(), told()));
        }
        assertThat(home.failovers(ID))
                .singleElement()
                .satisfies(
                        one -> {
                            assertThat(one.cause()).isEqualTo("forced");
                            assertThat(one.proof().orElse(""))
                                    .contains(primary + ": its lease of term")
                                    .contains("what it alone had is not known");
                        });
    }

    private void refuses(String question, String bytes, String words) {
        Launcher.Outcome answer = force(question, bytes);
        assertThat(answer.exitCode()).isNotZero();
        assertThat(answer.errors()).contains(words);
    }

    private Launcher.Outcome force(String question, String bytes) {
        return home.toygres(
                "operation",
                "decide",
                question,
                "force",
                "--candidate",
                other,
                "--accept-data-loss-bytes",
                bytes);
    }

    /** How many transactions it was told that nobody else has. */
    private int told() {
        try (ToygresClient client = home.client()) {
            return client.listAlerts(ListQuery.first().limit(500)).items().stream()
                    .map(one -> KEPT.matcher(one.message()))
                    .filter(Matcher::find)
                    .mapToInt(found -> Integer.parseInt(found.group(1)))
                    .max()
                    .orElse(0);
        }
    }

    private Operation question() {
        Eventually.until(SOON, "somebody is asked", () -> !home.questions().isEmpty());
        return home.questions().getFirst();
    }

    private static String candidates(Operation question) {
        return String.valueOf(question.question().get("candidates"));
    }

    private Operation operation(String id) {
        try (ToygresClient client = home.client()) {
            return client.getOperation(id);
        }
    }

    /** How far the primary is, for it will not be asked afterwards. */
    private void awaitKnown() {
        try (ToygresClient client = home.client()) {
            Eventually.until(
                    SOON,
                    "the server has seen that " + other + " is behind",
                    () ->
                            client.getAutoFailover(ID).candidates().stream()
                                    .filter(one -> one.replicaId().equals(other))
                                    .anyMatch(one -> one.lagBytes().orElse(0L) > 10_000_000));
        }
    }
}
