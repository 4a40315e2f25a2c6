package dev.toygres.orchestrations.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.Operation;
import dev.toygres.durable.OperationState;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.Topology;
import dev.toygres.store.MemberStore;
import dev.toygres.testkit.Eventually;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** R3.19, S5: the postmaster dies first, and its host a moment later, in the failover. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostMeanwhileTest {
    private final House house = new House("lost_meanwhile");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void anInstanceWithTwoAsynchronousReplicasOnHostsOfTheirOwn() {
        house.clear();
        house.joinHost("host-2");
        house.joinHost("host-3");
        house.clock.advance(Duration.ofHours(2));
        house.watch.look();
        house.create("pg");
        for (String replica : new String[] {"pg-r1", "pg-r2"}) {
            house.finish(house.replicas.add("pg", House.replica(replica, "Async")));
        }
        house.leaseTtl("pg", Duration.ofSeconds(1));
        Eventually.until(
                Duration.ofSeconds(20),
                "both are electors of a lease of a second",
                () -> {
                    look();
                    house.tick();
                    var voting = topology().instance().voting();
                    return voting.electorate().size() == 2 && voting.ttlMs() == 1_000;
                });
        Eventually.until(
                Duration.ofSeconds(20),
                "nobody is at work",
                () -> {
                    house.tick();
                    return house.desk.get("pg").operation().isEmpty();
                });
    }

    private void look() {
        house.watch.look();
        house.watchHealth();
    }

    private Topology topology() {
        return house.catalogue.jdbi().withHandle(one -> Topology.find(one, "pg")).orElseThrow();
    }

    private Optional<Operation> begun() {
        return house
                .operations
                .list(
                        Optional.of("pg"),
                        Optional.of("AutomaticFailover"),
                        Optional.empty(),
                        1,
                        Optional.empty())
                .stream()
                .findFirst();
    }

    /** It was to be started again by an agent that was dead, and never failed over. */
    @Test
    void anAsynchronousPrimaryIsReplacedOnceItsLeaseIsOver() {
        String host =
                house.catalogue
                        .jdbi()
                        .withHandle(handle -> MemberStore.find(handle, "pg-m1"))
                        .orElseThrow()
                        .hostId();
        house.agent.die("pg-m1");
        look();
        String failover = begun().orElseThrow().id();
        house.away(host, true);

        assertThat(house.finish(failover)).isEqualTo(OperationState.Succeeded);

        assertThat(house.desk.get("pg").primary()).get().asString().startsWith("pg-r");
        assertThat(house.failovers.get("pg", failover).proof())
                .get()
                .asString()
                .contains("its lease of term 1")
                .contains("what it alone had is not known");
        assertThat(house.failovers.get("pg", failover).dataLossBytes())
                .as("S8: nobody can count it yet")
                .isEmpty();
        house.away(host, false);
    }
}
