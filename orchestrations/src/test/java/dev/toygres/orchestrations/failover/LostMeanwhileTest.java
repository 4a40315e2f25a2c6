package dev.toygres.orchestrations.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.OperationState;
import dev.toygres.orchestrations.House;
import dev.toygres.testkit.Eventually;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** R3.19, S5: the postmaster dies first, and its host a moment later, in the failover. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostMeanwhileTest {
    private final House house = new House("lost_meanwhile");
    private final ThreeHosts hosts = new ThreeHosts(house);

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void anInstanceWithTwoAsynchronousReplicasOnHostsOfTheirOwn() {
        house.clear();
        hosts.prepare("Async", "Async");
    }

    /** P48: it was waited for what it had sent, up to ten minutes, and nobody replaced it. */
    @Test
    void aFailoverByHandDoesNotWaitForAPrimaryThatDies() throws Exception {
        var busy = new CountDownLatch(1);
        house.agent.keepsBusy("AwaitPosition", busy);
        String byHand = house.failovers.start("pg", House.to("pg-r1"));
        var work = CompletableFuture.supplyAsync(() -> house.finish(byHand));
        Eventually.until(Duration.ofSeconds(20), "it waits", house.agent::isBusy);

        house.agent.die("pg-m1");
        house.watch.look();

        assertThat(work.get(20, TimeUnit.SECONDS)).isEqualTo(OperationState.Failed);
        busy.countDown();
        String failover = hosts.begun("AutomaticFailover");
        assertThat(house.finish(failover)).isEqualTo(OperationState.Succeeded);
        assertThat(house.desk.get("pg").primary()).get().asString().startsWith("pg-r");
    }

    /** It was to be started again by an agent that was dead, and never failed over. */
    @Test
    void anAsynchronousPrimaryIsReplacedOnceItsLeaseIsOver() {
        house.agent.die("pg-m1");
        hosts.look();
        String failover = hosts.last("AutomaticFailover").orElseThrow().id();
        hosts.lose("pg-m1");

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
    }
}
