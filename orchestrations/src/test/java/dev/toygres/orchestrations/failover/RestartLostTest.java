package dev.toygres.orchestrations.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.OperationState;
import dev.toygres.model.InstanceState;
import dev.toygres.orchestrations.House;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The host of the primary is lost while that is restarted or started by order. It had Failed then:
 * nobody watched it, and a failover by hand was refused.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestartLostTest {
    private final House house = new House("restart_lost");
    private final ThreeHosts hosts = new ThreeHosts(house);

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void anInstanceWithTwoReplicas() {
        house.clear();
        hosts.prepare("Async", "Async");
    }

    private void takenOver() {
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
        String failover = hosts.begun("AutomaticFailover");
        assertThat(house.finish(failover)).isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").primary()).get().asString().startsWith("pg-r");
        assertThat(house.failovers.get("pg", failover).proof().orElseThrow())
                .as("S5")
                .contains("pg-m1: its lease of term 1");
    }

    @Test
    void aReplicaTakesOverWhereARestartLosesItsHost() {
        String restart = house.desk.restart("pg");
        house.agent.die("pg-m1");
        hosts.lose("pg-m1");

        assertThat(house.finish(restart)).isEqualTo(OperationState.Failed);

        takenOver();
    }

    @Test
    void aReplicaTakesOverWhereAStartFindsNoHost() {
        assertThat(house.finish(house.desk.stop("pg"))).isEqualTo(OperationState.Succeeded);
        house.clock.advance(Duration.ofMinutes(1));
        hosts.lose("pg-m1");

        assertThat(house.finish(house.desk.start("pg"))).isEqualTo(OperationState.Failed);

        takenOver();
    }
}
