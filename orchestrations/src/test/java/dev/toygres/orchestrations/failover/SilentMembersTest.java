package dev.toygres.orchestrations.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.OperationState;
import dev.toygres.orchestrations.House;
import dev.toygres.testkit.Eventually;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** S7, D7: who was silent is back, and the failover waited for a word all the same. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SilentMembersTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final House house = new House("silent_members");
    private final ThreeHosts hosts = new ThreeHosts(house);

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void clear() {
        house.clear();
    }

    @Test
    void aSyncReplicaThatWasLostInTheFailoverTakesOverOnceItIsBack() {
        String failover = askedWithoutThePrimaryAndItsGate();

        hosts.back("pg-r1");
        awaitAsking(failover);

        assertThat(house.finish(failover)).isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").primary()).contains("pg-r1");
        assertThat(house.failovers.get("pg", failover).dataLossBytes()).contains(0L);
    }

    /** S8: its disk has what nobody else has, and a word was waited for all the same. */
    @Test
    void theDiskOfAPrimaryWhoseHostIsBackHasTheLastWord() {
        house.agent.walEnds("0/5000000");
        String failover = askedWithoutThePrimaryAndItsGate();
        assertThat(house.operation(failover).question().orElseThrow())
                .contains("\"silent\": [\"pg-m1\", \"pg-r1\"]");

        hosts.back("pg-m1");
        awaitAsking(failover);

        assertThat(house.finish(failover)).isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").primary()).contains("pg-r2");
        assertThat(house.failovers.get("pg", failover).dataLossBytes()).contains(0L);
    }

    @Test
    void aTargetThatWasLostIsToldAgainOnceItIsBack() {
        String failover = askedAboutItsTarget();
        hosts.lose("pg-r1");
        hosts.look();
        assertThat(house.operation(failover).state()).isEqualTo(OperationState.NeedsDecision);

        hosts.back("pg-r1");
        house.agent.failing("none", "", 0);
        awaitAsking(failover);

        assertThat(house.finish(failover)).isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").primary()).contains("pg-r1");
    }

    /** Once is enough: it is there, and it does not obey. */
    @Test
    void whoIsThereAndDoesNotObeyIsNotAskedForEver() {
        String failover = askedAboutItsTarget();
        awaitAsking(failover);

        house.untilAsked(failover);
        for (int look = 0; look < 5; look++) {
            hosts.look();
        }

        assertThat(house.operation(failover).state()).isEqualTo(OperationState.NeedsDecision);
    }

    private String askedWithoutThePrimaryAndItsGate() {
        hosts.prepare("Sync", "Async");
        house.agent.hasReceived("pg-r2", "0/4FFFF00");
        house.agent.die("pg-m1");
        String failover = hosts.begun("AutomaticFailover");
        hosts.lose("pg-r1");
        hosts.lose("pg-m1");
        house.untilAsked(failover);
        hosts.look();
        assertThat(house.operation(failover).state()).isEqualTo(OperationState.NeedsDecision);
        return failover;
    }

    private String askedAboutItsTarget() {
        hosts.prepare("Async", "Async");
        house.agent.failing("PromoteMember", "no answer", 9999);
        String failover = house.failovers.start("pg", House.to("pg-r1"));
        house.untilAsked(failover);
        return failover;
    }

    private void awaitAsking(String failover) {
        Eventually.until(
                SOON,
                "all are asked again",
                () -> {
                    hosts.look();
                    return house.operation(failover).state() != OperationState.NeedsDecision;
                });
    }
}
