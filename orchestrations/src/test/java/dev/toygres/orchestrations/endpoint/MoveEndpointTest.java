package dev.toygres.orchestrations.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.Operation;
import dev.toygres.durable.OperationState;
import dev.toygres.model.InstanceState;
import dev.toygres.orchestrations.House;
import dev.toygres.store.LeftoverStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** S13: the addresses of an instance outlive their host. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MoveEndpointTest {
    private final House house = new House("endpoints");
    private @Nullable Stage current;

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void anInstanceWhoseAddressesAreNotWhereItsPrimaryIs() {
        house.clear();
        current = new Stage(house);
        assertThat(stage().addressesAt()).isEqualTo("host-1");
    }

    private Stage stage() {
        return Objects.requireNonNull(current);
    }

    private Optional<Operation> move() {
        return house
                .operations
                .list(
                        Optional.of("pg"),
                        Optional.of("MoveEndpoint"),
                        Optional.empty(),
                        1,
                        Optional.empty())
                .stream()
                .findFirst();
    }

    private List<String> told() {
        return house.catalogue
                .jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery(
                                                "select kind from catalogue.alert where kind = 'EndpointMoved'")
                                        .mapTo(String.class)
                                        .list());
    }

    private boolean isHostOneToClose() {
        return !house.catalogue
                .jdbi()
                .withHandle(handle -> LeftoverStore.on(handle, "host-1"))
                .isEmpty();
    }

    @Test
    void anotherHostServesTheAddressesOfADeadOneAndTheFormerIsClosedWhenItIsBack() {
        var before = house.desk.get("pg").endpoint();
        house.agent.reachable(false);

        house.watch.look();
        assertThat(move()).as("an agent may only start again").isEmpty();
        stage().lookForAWhile();

        assertThat(house.finish(move().orElseThrow().id())).isEqualTo(OperationState.Succeeded);
        assertThat(stage().addressesAt()).as("the primary's host").isEqualTo("host-2");
        assertThat(house.desk.get("pg").endpoint()).as("same address and ports").isEqualTo(before);
        assertThat(stage().second.endpoints()).containsKey("pg");
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
        assertThat(told()).hasSize(1);

        house.agent.reachable(true);
        house.watch.look();
        for (int turn = 0; turn < 60 && isHostOneToClose(); turn++) {
            house.clock.advance(Duration.ofSeconds(1));
            house.tick();
        }
        assertThat(house.agent.endpoints()).as("closed").isEmpty();
        assertThat(stage().second.endpoints()).containsKey("pg");
    }

    @Test
    void aHostThatIsBackInTimeServesThemAgain() {
        house.agent.reachable(false);
        stage().lookForAWhile();
        house.agent.reachable(true);

        assertThat(house.finish(move().orElseThrow().id())).isEqualTo(OperationState.Succeeded);

        assertThat(stage().addressesAt()).isEqualTo("host-1");
        assertThat(stage().second.endpoints()).isEmpty();
    }

    @Test
    void aHostThatHoldsOnToThemKeepsThemAndNobodyIsAskedAllTheTime() {
        house.agent.reachable(false);
        stage().second.failing("OpenEndpoint", "port 6000 is taken", 99);
        stage().lookForAWhile();

        assertThat(house.finish(move().orElseThrow().id())).isEqualTo(OperationState.Failed);

        assertThat(stage().addressesAt()).isEqualTo("host-1");
        assertThat(stage().second.endpoints()).isEmpty();
        String first = move().orElseThrow().id();
        stage().lookForAWhile();
        assertThat(move().orElseThrow().id()).isEqualTo(first);
        house.clock.advance(Duration.ofMinutes(1));
        stage().second.failing("none", "", 0);
        stage().lookForAWhile();
        house.finish(move().orElseThrow().id());
        assertThat(stage().addressesAt()).isEqualTo("host-2");
    }

    /** Only the server knows whether another host serves them by now. */
    @Test
    void addressesThatEndedWhileTheirAgentWasAwayAreOpenedAgain() {
        house.agent.endEndpoint("pg");
        house.watch.look();

        assertThat(house.finish(move().orElseThrow().id())).isEqualTo(OperationState.Succeeded);

        assertThat(stage().addressesAt()).isEqualTo("host-1");
        assertThat(house.agent.status().endpoints()).allMatch(one -> one.up());
    }

    /** The host of the addresses and the primary die together: one failover mends both. */
    @Test
    void aFailoverTakesTheAddressesAlongWhenTheirHostIsDeadToo() {
        house.watchHealth();
        stage().second.die("pg-r1");
        house.agent.reachable(false);
        house.watch.look();
        house.watchHealth();

        Operation failover =
                house.operations
                        .list(
                                Optional.of("pg"),
                                Optional.of("AutomaticFailover"),
                                Optional.empty(),
                                1,
                                Optional.empty())
                        .getFirst();
        assertThat(house.finish(failover.id())).isEqualTo(OperationState.Succeeded);

        assertThat(house.desk.get("pg").primary()).contains("pg-r2");
        assertThat(stage().addressesAt()).as("the new primary's host").isEqualTo("host-3");
        assertThat(stage().third.effects())
                .containsSubsequence("promote pg-r2", "open pg for 0 readers");
        assertThat(told()).hasSize(1);
    }

    /** Nobody could write until the other host had waited in vain, and the watch had looked. */
    @Test
    void aFailoverLeadsThemToTheNewPrimaryAtHomeAsSoonAsTheirHostIsBack() {
        house.watchHealth();
        stage().third.failing("OpenEndpoint", "port 6000 is taken", 99);
        stage().second.die("pg-r1");
        house.agent.reachable(false);
        house.watch.look();
        house.watchHealth();
        String failover = house.desk.get("pg").operation().orElseThrow();
        for (int turn = 0; turn < 60 && stage().third.failuresLeft() > 98; turn++) {
            house.clock.advance(Duration.ofSeconds(1));
            house.tick();
        }

        house.agent.reachable(true);
        house.watch.look();

        assertThat(house.finish(failover)).isEqualTo(OperationState.Succeeded);
        assertThat(stage().third.failuresLeft()).as("it is not asked again").isGreaterThan(96);
        assertThat(stage().addressesAt()).isEqualTo("host-1");
        assertThat(house.agent.status().endpoints().getFirst().term())
                .as("they lead to the new primary")
                .isEqualTo(house.desk.get("pg").term());
        assertThat(stage().third.endpoints()).isEmpty();
        assertThat(told()).isEmpty();
    }

    @Test
    void anInstanceStartsThoughTheHostOfItsAddressesIsDead() {
        house.finish(house.desk.stop("pg"));
        house.agent.reachable(false);
        house.watch.look();

        assertThat(house.finish(house.desk.start("pg"))).isEqualTo(OperationState.Succeeded);

        assertThat(stage().addressesAt()).isEqualTo("host-2");
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
    }
}
