package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.FailoverStatus;
import dev.toygres.api.Instance;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Replicas are added and the primary moves while applications write (R1, R2). */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailoverTest {
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
    void thePrimaryMovesUnderLoadAndNothingIsLost() throws SQLException {
        home.create("pg");
        try (Load pooled = Load.on(home, "pg", true);
                Load direct = Load.on(home, "pg", false)) {
            home.toygres("replica", "add", "pg", "pg-r1", "--mode", "sync").succeeded();
            home.toygres("replica", "add", "pg", "pg-r2").succeeded();
            home.awaitStreaming("pg", 2);

            for (String target : new String[] {"pg-r1", "pg-r2", "pg-m1"}) {
                home.toygres("failover", "pg", "--to", target).succeeded();
                Instance moved = home.instance("pg");
                assertThat(moved.primary()).contains(target);
                assertThat(moved.state()).isEqualTo("Running");
                long before = pooled.acknowledgedCount();
                Eventually.until(SOON, "rows flow", () -> pooled.acknowledgedCount() > before + 50);
                home.awaitStreaming("pg", 2);
            }

            pooled.stop();
            direct.stop();
            assertThat(pooled.failures()).as("pooled clients only pause").isEmpty();
            assertThat(direct.failures())
                    .as("57P01 and reconnects, nothing else")
                    .allMatch(failure -> failure.startsWith("57P01") || failure.startsWith("08"));
            assertThat(pooled.lost()).isEmpty();
            assertThat(direct.lost()).isEmpty();
            System.out.println(
                    "longest pause, pooled "
                            + pooled.longestGap()
                            + ", read-write "
                            + direct.longestGap());
        }
        assertThat(home.instance("pg").term()).isEqualTo(4);
        try (ToygresClient client = home.client()) {
            assertThat(client.listFailovers("pg", ListQuery.first()).items())
                    .hasSize(3)
                    .allMatch(one -> one.state().equals("Completed"))
                    .allMatch(one -> one.dataLossBytes().orElse(-1L) == 0)
                    .extracting(FailoverStatus::proof)
                    .allMatch(proof -> proof.orElse("").contains("confirmed"));
        }
    }

    @Test
    void aReplicaIsAddedShownAndRemovedWithoutATrace() {
        home.create("lone");
        home.toygres("replica", "add", "lone", "lone-r1").succeeded();
        home.awaitStreaming("lone", 1);
        assertThat(home.toygres("replica", "list", "lone").succeeded().output())
                .contains("lone-r1")
                .contains("Streaming");

        home.toygres("replica", "remove", "lone", "lone-r1").succeeded();

        assertThat(home.instance("lone").replicas()).isEmpty();
        for (String host : new String[] {"host-1", "host-2", "host-3"}) {
            assertThat(home.member(host, "lone-r1").resolve("data")).doesNotExist();
        }
    }

    @Test
    void whatCannotBeIsRefusedBeforeThePrimaryIsTouched() {
        home.create("firm");

        assertThat(home.toygres("failover", "firm").exitCode()).isEqualTo(4);
        assertThat(home.toygres("failover", "firm", "--to", "nobody").exitCode()).isEqualTo(3);
        assertThat(home.toygres("failover", "firm", "--dry-run").exitCode()).isEqualTo(4);
        assertThat(home.instance("firm").term()).isEqualTo(1);
    }
}
