package dev.toygres.orchestrations.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.durable.OperationState;
import dev.toygres.model.Refused;
import dev.toygres.model.ReplicaState;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.instance.Instances;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who serves the read-only endpoint, and how a replica is copied. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadersTest {
    private final House house = new House("readers");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void anInstanceWithTwoBoundedReplicas() {
        house.clear();
        house.clock.advance(Duration.ofMinutes(1));
        house.create("pg");
        add("pg-r1", Copy.USUAL);
        add("pg-r2", Copy.USUAL);
        house.watch.look();
    }

    /**
     * Expected: who is further behind than its bound is left out at the next look, and is back once
     * it is well within, so that one that hovers around it does not come and go; when none is left
     * the primary serves reads.
     */
    @Test
    void whoIsTooFarBehindServesNoReads() {
        house.agent.lag("pg-r1", 5_000);
        settle();
        assertThat(house.replicas.get("pg", "pg-r1").state()).isEqualTo(ReplicaState.Lagging);
        assertThat(house.agent.effects()).endsWith("open pg for 1 readers");

        house.agent.lag("pg-r2", 5_000);
        settle();
        assertThat(house.agent.effects()).endsWith("open pg for 0 readers");

        house.agent.lag("pg-r1", 900);
        house.agent.lag("pg-r2", 0);
        settle();
        assertThat(house.replicas.get("pg", "pg-r1").state()).isEqualTo(ReplicaState.Streaming);
        assertThat(house.agent.effects()).endsWith("open pg for 1 readers");

        house.agent.lag("pg-r1", 800);
        settle();
        assertThat(house.agent.effects()).endsWith("open pg for 2 readers");

        house.agent.lag("pg-r1", 1_000);
        settle();
        assertThat(house.agent.effects()).as("within").endsWith("open pg for 2 readers");
    }

    /** Expected: switched off, clients of the read-only address never get to the primary. */
    @Test
    void readsFallBackToThePrimaryOnlyWhereThatIsWished() {
        settle();
        fallBack(false);
        settle();
        assertThat(house.desk.get("pg").readOnlyFallback()).isFalse();
        assertThat(house.agent.servesOnlyByReaders("pg")).isTrue();

        fallBack(true);
        settle();
        assertThat(house.agent.servesOnlyByReaders("pg")).isFalse();
    }

    private void fallBack(boolean wished) {
        house.desk.update(
                "pg",
                new Instances.Change(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(wished)),
                Optional.empty());
    }

    /** Expected: whom it is copied from, and how fast, is checked before anything is made. */
    @Test
    void aCopyIsTakenFromWhomItWasWishedOrRefused() {
        assertThatThrownBy(() -> house.replicas.add("pg", wish("pg-r3", copy("nobody", 1))))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.faults())
                                        .extracting(one -> one.field() + " " + one.message())
                                        .containsExactly(
                                                "copyFrom must be one of [pg-m1, pg-r1, pg-r2],"
                                                        + " is nobody",
                                                "copyBytesPerSecond must be from 32768 to"
                                                        + " 1073741824, is 1"));

        add("pg-r3", copy("pg-r2", 1 << 20));

        assertThat(house.agent.copies()).endsWith("pg-r3 from another member at 1024 kB/s");
    }

    private static Copy copy(String from, long rate) {
        return new Copy(Optional.of(from), Optional.of(rate));
    }

    private void add(String replica, Copy copy) {
        assertThat(house.finish(house.replicas.add("pg", wish(replica, copy))))
                .isEqualTo(OperationState.Succeeded);
    }

    private void settle() {
        for (int look = 0; look < 2; look++) {
            house.watch.look();
            house.desk.get("pg").operation().ifPresent(house::finish);
            house.clock.advance(Duration.ofSeconds(4));
        }
    }

    private static NewReplica wish(String replica, Copy copy) {
        return new NewReplica(
                replica,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(1_000L),
                Optional.empty(),
                Optional.empty(),
                copy);
    }
}
