package dev.toygres.orchestrations.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.OperationState;
import dev.toygres.orchestrations.House;
import dev.toygres.testkit.Eventually;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** S5, S7, D7: the hosts of the primary and of its only sync replica are silent together. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostTogetherTest {
    private final House house = new House("lost_together");
    private final ThreeHosts hosts = new ThreeHosts(house);

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void bothAreLost() {
        house.clear();
        hosts.prepare("Sync", "Async");
        house.agent.hasReceived("pg-r2", "0/4FFFF00");
        house.agent.die("pg-m1");
        hosts.lose("pg-r1");
        hosts.lose("pg-m1");
    }

    private String asked() {
        String question = hosts.begun("AskForFailover");
        house.untilAsked(question);
        return question;
    }

    /**
     * It was asked for a word that there may be two primaries, and promoted without waiting for the
     * lease, which ends for certain.
     */
    @Test
    void whoeverIsLeftIsForcedWithoutASplitBrain() {
        String question = asked();
        assertThat(house.operation(question).question().orElseThrow())
                .contains("pg-r1", "pg-r2", "bytesAtRisk")
                .doesNotContain("acceptSplitBrain");
        assertThat(hosts.last("AutomaticFailover")).as("nobody by itself").isEmpty();

        house.operations.decide(
                question, Map.of("action", "force", "acceptDataLossBytes", 1 << 20));
        assertThat(house.finish(question)).isEqualTo(OperationState.Succeeded);
        String failover = hosts.last("AutomaticFailover").orElseThrow().id();
        assertThat(house.finish(failover)).isEqualTo(OperationState.Succeeded);

        assertThat(house.desk.get("pg").primary()).contains("pg-r2");
        assertThat(house.failovers.get("pg", failover).proof())
                .get()
                .asString()
                .contains("pg-m1: its lease of term 1")
                .doesNotContain("two primaries");
        assertThat(house.failovers.get("pg", failover).cause()).isEqualTo("forced");
    }

    @Test
    void theSyncReplicaTakesOverByItselfOnceItIsBack() {
        String question = asked();

        hosts.back("pg-r1");

        String failover = hosts.begun("AutomaticFailover");
        assertThat(house.finish(failover)).isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").primary()).contains("pg-r1");
        assertThat(house.failovers.get("pg", failover).dataLossBytes()).contains(0L);
        Eventually.until(
                Duration.ofSeconds(20),
                "nobody is asked any more",
                () -> {
                    hosts.look();
                    house.tick();
                    return house.operation(question).state() == OperationState.Cancelled;
                });
    }
}
