package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agent.member.Limits;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.MemberParameters.Running;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.Configured;
import dev.toygres.agentapi.OrderResult.Rejoined.How;
import dev.toygres.agentapi.OrderResult.Tried;
import dev.toygres.testkit.Eventually;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Settings of a primary and a standby, by orders only: each test goes on where the last ended. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("harness")
final class ConfigureTest {
    private static final Fleet FLEET =
            new Fleet(2, Limits.USUAL.withSettings(Duration.ofSeconds(10)));
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Map<String, String> SETTINGS =
            Map.of("shared_buffers", "16MB", "max_connections", "60");

    @BeforeAll
    static void create() {
        FLEET.createPrimary(1);
        FLEET.createReplica(2, 1);
    }

    @AfterAll
    static void leaveNothingBehind() {
        FLEET.close();
    }

    private static Map<String, String> with(String... more) {
        var settings = new HashMap<>(SETTINGS);
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    private static Order configuring(int host, Map<String, String> settings, boolean restart) {
        return new Order.ConfigureMember(Fleet.id(host), FLEET.term, settings, restart, List.of());
    }

    private static Configured configure(int host, Map<String, String> settings, boolean restart) {
        return FLEET.order(host, configuring(host, settings, restart), Configured.class);
    }

    private static Running running(int host, String name) {
        return FLEET.agent(host).parameters("app-" + host).running().stream()
                .filter(one -> one.definition().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String value(int host, String name) {
        return running(host, name).value().orElse("");
    }

    /** Good changes were rolled back: what was set was compared with what is shown. */
    @Test
    @org.junit.jupiter.api.Order(1)
    void theTrialShowsWhatPostgresMakesOfTheSettings() {
        var settings =
                with(
                        "wal_compression", "on",
                        "wal_buffers", "-1",
                        "random_page_cost", "1.10",
                        "DateStyle", "German, DMY",
                        "TimeZone", "Europe/Vienna",
                        "statement_timeout", "90s");

        var tried =
                FLEET.order(
                        1,
                        new Order.TrySettings(
                                Fleet.id(1), FLEET.term, settings, List.of("max_stack_depth")),
                        Tried.class);
        configure(1, settings, true);

        assertThat(tried.values())
                .containsEntry("wal_compression", "pglz")
                .containsEntry("wal_buffers", "64")
                .containsEntry("random_page_cost", "1.1")
                .containsEntry("DateStyle", "German, DMY")
                .containsEntry("statement_timeout", "90000")
                .containsEntry("max_stack_depth", "2048");
        tried.values().forEach((name, value) -> assertThat(value(1, name)).isEqualTo(value));
    }

    /** Every order, probe and backup failed, and the change could not even be taken back. */
    @Test
    @org.junit.jupiter.api.Order(2)
    void limitsOnQueriesAreNotTheAgents() {
        configure(
                1,
                with(
                        "statement_timeout", "1ms",
                        "idle_session_timeout", "1ms",
                        "default_transaction_read_only", "on"),
                true);

        assertThat(value(1, "statement_timeout")).isEqualTo("1");
        FLEET.order(1, new Order.Checkpoint(Fleet.id(1), FLEET.term));
        configure(1, SETTINGS, true);
        assertThat(value(1, "statement_timeout")).isEqualTo("0");
    }

    /** A change of something else restarted the primary for what waited for its next restart. */
    @Test
    @org.junit.jupiter.api.Order(3)
    void nobodyIsRestartedForWhatWaited() {
        var waiting = configure(1, with("shared_buffers", "20MB"), false);
        var other = configure(1, with("shared_buffers", "20MB", "work_mem", "5MB"), true);

        assertThat(waiting.pending()).containsExactly("shared_buffers");
        assertThat(other.restarted()).isFalse();
        assertThat(value(1, "work_mem")).isEqualTo("5120");

        var again = configure(1, with("shared_buffers", "20MB", "work_mem", "5MB"), true);
        assertThat(again.restarted()).as("who has them all is restarted for them").isTrue();
        configure(1, SETTINGS, true);
    }

    /** It was restarted at once, and did not come up until the WAL had told it. */
    @Test
    @org.junit.jupiter.api.Order(4)
    void aStandbyIsRestartedWithLessOnceItHasReplayedThatItsPrimaryHasLess() {
        var refused = FLEET.put(2, configuring(2, with("max_connections", "40"), true));

        assertThat(refused.state()).isEqualTo(JobStatus.State.Failed);
        assertThat(refused.error().orElse("")).contains("app-2").contains("max_connections 60");
        assertThat(value(2, "max_connections")).isEqualTo("60");
        assertThat(FLEET.agent(2).parameters("app-2").given())
                .containsEntry("max_connections", "60");

        configure(1, with("max_connections", "40"), true);
        assertThat(configure(2, with("max_connections", "40"), true).restarted()).isTrue();
        Eventually.within(SOON, () -> assertThat(FLEET.replication(2).streaming()).isTrue());
    }

    /** It came back with what it had, which was less than its primary has now, and stayed down. */
    @Test
    @org.junit.jupiter.api.Order(5)
    void aFormerPrimaryThatWasAwayRejoinsWithWhatIsAgreedNow() {
        FLEET.term++;
        FLEET.fence(1);
        FLEET.promote(2, List.of());
        FLEET.order(2, new Order.KeepSlot(Fleet.id(2), FLEET.term, Fleet.slot(1)));
        configure(2, with("max_connections", "80", "work_mem", "6MB"), true);

        var rejoined = FLEET.rejoin(1, 2, with("max_connections", "80", "work_mem", "6MB"));

        assertThat(rejoined.how()).isEqualTo(How.Started);
        assertThat(value(1, "max_connections")).isEqualTo("80");
        assertThat(value(1, "work_mem")).isEqualTo("6144");
    }

    /** What it has not replayed yet may want more than is agreed now. */
    @Test
    @org.junit.jupiter.api.Order(6)
    void whoRejoinsKeepsTheHigherOfWhatItHadAndWhatIsAgreed() {
        FLEET.term++;
        FLEET.fence(2);
        FLEET.promote(1, List.of());
        FLEET.order(1, new Order.KeepSlot(Fleet.id(1), FLEET.term, Fleet.slot(2)));
        configure(1, with("max_connections", "50"), true);

        FLEET.rejoin(2, 1, with("max_connections", "50"));

        assertThat(value(2, "max_connections")).isEqualTo("80");
        assertThat(configure(2, with("max_connections", "50"), true).restarted()).isTrue();
    }
}
