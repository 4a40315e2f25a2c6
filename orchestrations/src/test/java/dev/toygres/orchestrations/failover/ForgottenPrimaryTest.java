package dev.toygres.orchestrations.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.OperationState;
import dev.toygres.orchestrations.House;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The agent of the primary's host answers, and does not know the primary any more: its disk was
 * replaced. Nobody was told, and nobody failed over.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForgottenPrimaryTest {
    private final House house = new House("forgotten");
    private final ThreeHosts hosts = new ThreeHosts(house);

    @AfterAll
    void close() {
        house.close();
    }

    @Test
    void isFailedOverOnceItsLeaseIsOver() {
        hosts.prepare("Sync", "Async");
        house.agent.die("pg-m1");
        house.agent.forget("pg-m1");
        hosts.look();
        house.clock.advance(Duration.ofSeconds(2));

        String failover = hosts.begun("AutomaticFailover");
        assertThat(house.finish(failover)).isEqualTo(OperationState.Succeeded);

        FailoverView account = house.failovers.get("pg", failover);
        assertThat(house.desk.get("pg").primary()).contains("pg-r1");
        assertThat(account.reason().orElseThrow())
                .contains("host host-1 does not know pg-m1 any more");
        assertThat(account.proof().orElseThrow())
                .as("S5: no stop can be confirmed")
                .contains("pg-m1: its lease of term 1");
    }
}
