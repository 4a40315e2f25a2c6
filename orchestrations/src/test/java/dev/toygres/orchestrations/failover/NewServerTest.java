package dev.toygres.orchestrations.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.health.Decision;
import dev.toygres.orchestrations.Desks;
import dev.toygres.orchestrations.House;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** R3.42, R3.43, S7: a server that begins after the primary has died has never seen it well. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NewServerTest {
    private final House house = new House("new_server");
    private final ThreeHosts hosts = new ThreeHosts(house);

    @AfterAll
    void close() {
        house.close();
    }

    /** An hour behind, it was "0 bytes behind" what it had itself, and took over. */
    @Test
    void measuresReplicasByWhatWasLastSeenOfThePrimary() {
        hosts.prepare("Async", "Async");
        house.agent.cutOff("pg-r1", true);
        house.agent.lag("pg-r1", 20 << 20);
        house.agent.lag("pg-r2", 4_096);
        house.clock.advance(Duration.ofSeconds(20));
        house.watch.look();

        house.agent.die("pg-m1");
        house.agent.cutOff("pg-r2", true);
        hosts.lose("pg-m1");
        Desks began = house.anotherServer();
        began.watch().look();

        var status = began.monitors().status("pg");
        assertThat(status.candidates())
                .anySatisfy(
                        one -> {
                            assertThat(one.id()).isEqualTo("pg-r1");
                            assertThat(one.lagBytes()).contains(20L << 20);
                            assertThat(one.fault()).isPresent();
                        })
                .anySatisfy(
                        one -> {
                            assertThat(one.id()).isEqualTo("pg-r2");
                            assertThat(one.lagBytes()).contains(4_096L);
                            assertThat(one.fault()).isEmpty();
                        });
        assertThat(status.ifPrimaryDied())
                .isInstanceOfSatisfying(
                        Decision.FailOver.class,
                        go -> assertThat(go.candidate()).isEqualTo("pg-r2"));
    }
}
