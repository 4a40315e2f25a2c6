package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.FailoverStatus;
import dev.toygres.api.Host;
import dev.toygres.api.Instance;
import dev.toygres.api.Replica;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
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
    private static final Duration SOON = Duration.ofSeconds(90);

    private Home home;

    @BeforeAll
    void up() {
        home = Home.up(3);
    }

    @AfterAll
    void down() {
        home.close();
    }

    @Test
    void aKilledPrimaryIsReplacedAndAnAsynchronousOneLosesNothing() throws SQLException {
        prepare("killed", "async");
        survives("killed", this::killPrimary);
        FailoverStatus account = failovers("killed").getFirst();
        assertThat(account.cause()).isEqualTo("automatic");
        assertThat(account.dataLossBytes()).as("S8").contains(0L);
        assertThat(home.toygres("auto-failover", "status", "killed").succeeded().output())
                .contains("FailOver")
                .contains("is dead");
    }

    @Test
    void aHungPrimaryIsReplacedAndItsRowsAreThereWhenItWakes() throws SQLException {
        prepare("hung", "async");
        survives("hung", this::freezePrimary);
    }

    @Test
    void aKilledSynchronousPrimaryIsReplacedAndCommitsAreGatedAgain() throws SQLException {
        prepare("gated", "sync");
        survives("gated", this::killPrimary);
    }

    private void prepare(String id, String mode) {
        home.create(id);
        home.toygres("replica", "add", id, id + "-r1", "--mode", mode).succeeded();
        home.toygres("replica", "add", id, id + "-r2", "--mode", mode).succeeded();
        awaitStreaming(id);
        awaitReady(id);
    }

    /** Patroni's lost rows: verified at once, and again after the old primary is back. */
    private void survives(String id, java.util.function.Consumer<String> blow) throws SQLException {
        String before = instance(id).primary().orElseThrow();
        try (Load load = Load.on(home, id, false)) {
            long rows = load.acknowledgedCount();
            Eventually.until(SOON, "rows flow", () -> load.acknowledgedCount() > rows + 200);
            load.takeLongestGap();

            blow.accept(id);

            Eventually.until(
                    SOON,
                    "a replica has taken over",
                    () -> !instance(id).primary().orElse(before).equals(before));
            long then = load.acknowledgedCount();
            Eventually.until(SOON, "rows flow", () -> load.acknowledgedCount() > then + 200);
            System.out.println(id + ": longest pause " + load.takeLongestGap());
            assertThat(load.lost()).as("at once").isEmpty();

            awaitStreaming(id);
            load.stop();
            assertThat(load.lost()).as("after all members are back").isEmpty();
        }
        Eventually.within(
                SOON,
                () ->
                        assertThat(failovers(id))
                                .extracting(FailoverStatus::state)
                                .containsExactly("Completed"));
        System.out.println(id + ": " + failovers(id).getFirst());
    }

    private void killPrimary(String id) {
        Home.kill9(postmaster(id));
    }

    /** All of it: postmaster and backends, the port stays open. */
    private void freezePrimary(String id) {
        long postmaster = postmaster(id);
        ProcessHandle.of(postmaster).orElseThrow().descendants().forEach(one -> stop(one.pid()));
        stop(postmaster);
    }

    private static void stop(long pid) {
        Home.signal(pid, "STOP");
    }

    private long postmaster(String id) {
        String primary = instance(id).primary().orElseThrow();
        return home.postmaster(host(primary), primary);
    }

    private String host(String member) {
        try (ToygresClient client = home.client()) {
            return client.listHosts(ListQuery.first()).items().stream()
                    .filter(host -> holds(host, member))
                    .map(Host::id)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private boolean holds(Host host, String member) {
        return java.nio.file.Files.exists(home.member(host.id(), member).resolve("data"));
    }

    private void awaitStreaming(String id) {
        Eventually.within(
                SOON,
                () ->
                        assertThat(instance(id).replicas())
                                .hasSize(2)
                                .extracting(Replica::state)
                                .containsOnly("Streaming"));
    }

    private void awaitReady(String id) {
        Eventually.within(
                SOON,
                () -> {
                    try (ToygresClient client = home.client()) {
                        var status = client.getAutoFailover(id);
                        assertThat(status.ifPrimaryDied().action()).isEqualTo("FailOver");
                        assertThat(client.getHealth(id).members()).allMatch(one -> one.healthy());
                    }
                });
    }

    private List<FailoverStatus> failovers(String id) {
        try (ToygresClient client = home.client()) {
            return client.listFailovers(id, ListQuery.first()).items();
        }
    }

    private Instance instance(String id) {
        try (ToygresClient client = home.client()) {
            return client.getInstance(id);
        }
    }
}
