package dev.toygres.orchestrations.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.durable.OperationState;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Refused;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.replica.NewReplica;
import dev.toygres.store.SecretStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** R1: what was on a host that is dead goes all the same, and never takes anything else along. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeadHostTest {
    private final House house = new House("dead_hosts");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void clear() {
        house.clear();
        house.watch.look();
    }

    private HostDesk hosts() {
        return new HostDesk(
                house.catalogue,
                Installation.of(house.catalogue, new SecretStore(new byte[32])),
                house.clock);
    }

    private List<String> leftovers() {
        return hosts().list().stream().flatMap(host -> host.leftovers().stream()).toList();
    }

    private void theHostIsGone() {
        house.agent.reachable(false);
        house.watch.look();
    }

    private void theHostIsBack() {
        house.agent.reachable(true);
        house.watch.look();
        for (int turn = 0; turn < 100 && !leftovers().isEmpty(); turn++) {
            house.clock.advance(Duration.ofSeconds(1));
            house.tick();
        }
    }

    private String delete(String id) {
        String operation = house.desk.delete(id);
        assertThat(house.finish(operation)).isEqualTo(OperationState.Succeeded);
        return operation;
    }

    @Test
    void aDeletionEndsThoughTheHostIsDeadAndSaysWhatIsLeft() {
        house.create("pg");
        theHostIsGone();

        String operation = delete("pg");

        assertThat(house.desk.list(10, Optional.empty())).isEmpty();
        assertThat(house.operation(operation).result().orElseThrow()).contains("pg-m1 on host-1");
        assertThat(leftovers()).containsExactly("the address of pg", "member pg-m1");
    }

    @Test
    void whatIsLeftIsDestroyedOnceTheHostIsBackAndNothingElse() {
        house.create("pg");
        house.create("other");
        theHostIsGone();
        delete("pg");

        theHostIsBack();

        assertThat(leftovers()).isEmpty();
        assertThat(house.agent.members().keySet()).containsExactly("other-m1");
        assertThat(house.agent.endpoints().keySet()).containsExactly("other");
    }

    @Test
    void theNameIsHeldUntilTheLastOfItIsGone() {
        house.create("pg");
        house.agent.failing("DestroyMember", "no answer", 9999);
        delete("pg");

        assertThatThrownBy(() -> house.desk.create(House.wish("pg")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("still on host host-1");

        house.agent.failing("none", "", 0);
        theHostIsBack();
        house.create("pg");
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
    }

    @Test
    void aReplicaGoesThoughItsHostIsDeadAndItsNameIsHeld() {
        house.create("pg");
        house.finish(house.replicas.add("pg", replica("pg-r1")));
        house.agent.failing("DestroyMember", "no answer", 9999);

        assertThat(house.finish(house.replicas.remove("pg", "pg-r1")))
                .isEqualTo(OperationState.Succeeded);

        assertThat(leftovers()).containsExactly("member pg-r1");
        assertThatThrownBy(() -> house.replicas.add("pg", replica("pg-r1")))
                .hasMessageContaining("a former pg-r1 is still on host host-1");
        house.agent.failing("none", "", 0);
        theHostIsBack();
        assertThat(house.agent.members().keySet()).containsExactly("pg-m1");
    }

    @Test
    void aCancelledCreationOnADeadHostEndsAndLeavesItsRemainsForLater() {
        house.agent.failing("OpenEndpoint", "not yet", 9999);
        String operation = house.desk.create(House.wish("pg"));
        house.tick();
        assertThat(house.agent.members()).containsKey("pg-m1");
        theHostIsGone();
        house.operations.cancel(operation);

        assertThat(house.finish(operation)).isEqualTo(OperationState.Cancelled);
        theHostIsBack();

        assertThat(house.agent.members()).isEmpty();
        assertThat(house.agent.endpoints()).isEmpty();
    }

    @Test
    void aHostThatHoldsSomethingIsNotForgottenAndSaysWhatItIs() {
        house.create("pg");
        theHostIsGone();

        assertThatThrownBy(() -> hosts().forget(House.HOST, true))
                .hasMessageContaining("pg-m1 of instance pg");

        delete("pg");
        assertThatThrownBy(() -> hosts().forget(House.HOST, false))
                .hasMessageContaining("member pg-m1, to be destroyed");
    }

    @Test
    void aHostThatAnswersIsNotForgottenByForce() {
        house.create("pg");
        house.agent.failing("DestroyMember", "no answer", 9999);
        delete("pg");

        assertThatThrownBy(() -> hosts().forget(House.HOST, true))
                .hasMessageContaining("it answers");
    }

    @Test
    void aHostThatIsForgottenByForceFreesTheNamesOfWhatWasLeftThere() {
        house.create("pg");
        theHostIsGone();
        delete("pg");

        hosts().forget(House.HOST, true);

        assertThat(hosts().list()).isEmpty();
        house.joinHost();
        house.agent.reachable(true);
        house.watch.look();
        house.clock.advance(Duration.ofMinutes(1));
        house.tick();
        assertThat(house.agent.members().keySet())
                .as("what is no leftover any more is a stranger, and left alone")
                .containsExactly("pg-m1");
    }

    /** A host that held only an address gave a raw foreign key error. */
    @Test
    void anAddressThatWentWithItsHostIsOpenedElsewhere() {
        house.create("pg");
        house.catalogue
                .jdbi()
                .useHandle(
                        handle -> {
                            handle.execute(
                                    "insert into catalogue.host (id, region, availability_zone,"
                                            + " agent_host, agent_port) values"
                                            + " ('far', 'local', 'local-a', '127.0.0.9', 1)");
                            handle.execute(
                                    "update catalogue.instance set endpoint_host_id = 'far'");
                        });

        assertThatThrownBy(() -> hosts().forget("far", false))
                .hasMessageContaining("the address of instance pg");
        hosts().forget("far", true);
        house.watch.look();
        house.finish(house.desk.get("pg").operation().orElseThrow());

        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
        assertThat(house.desk.get("pg").endpoint()).isPresent();
    }

    /** The creation adopted that member, and the deletion of the one destroyed the other's. */
    @Test
    void anInstanceDoesNotTakeTheReplicaOfAnotherForItsPrimary() {
        house.create("pg");
        house.finish(house.replicas.add("pg", replica("shop-m1")));

        house.create("shop");
        assertThat(house.desk.get("shop").primary()).contains("shop-m2");
        delete("shop");

        assertThat(house.agent.members().keySet()).containsExactlyInAnyOrder("pg-m1", "shop-m1");
    }

    private static NewReplica replica(String id) {
        return new NewReplica(
                id,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
