package dev.toygres.orchestrations.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.durable.OperationState;
import dev.toygres.model.ReplicaState;
import dev.toygres.orchestrations.House;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A broken replica follows again: by its own data where that is good for it, else by a copy. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RebuildTest {
    private final House house = new House("rebuilds");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void anInstanceWithAReplica() {
        house.clear();
        house.create("pg");
        for (String id : List.of("pg-r1", "pg-r2")) {
            house.finish(house.replicas.add("pg", replica(id)));
        }
        house.watch.look();
    }

    @Test
    void oneThatWentAstrayFollowsAgainByItsOwnData() {
        house.agent.cutOff("pg-r1", true);

        int copies = house.agent.copies().size();

        assertThat(rebuilt(Copy.USUAL)).doesNotContain("destroy pg-r1");
        assertThat(house.agent.copies()).hasSize(copies);
    }

    @Test
    void whereItsOwnDataIsNoGoodItIsCopied() {
        house.agent.cutOff("pg-r1", true);
        house.agent.failing("RejoinMember", "its data is not of the upstream's system", 9);

        assertThat(rebuilt(Copy.USUAL)).contains("destroy pg-r1");
    }

    /** Somebody does not trust what it has. */
    @Test
    void oneThatStreamsIsCopied() {
        assertThat(rebuilt(Copy.USUAL)).contains("destroy pg-r1");
    }

    @Test
    void whoeverNamesASourceGetsACopyOfIt() {
        house.agent.cutOff("pg-r1", true);

        rebuilt(new Copy(Optional.of("pg-r2"), Optional.of(1L << 20)));

        assertThat(house.agent.copies()).endsWith("pg-r1 from another member at 1024 kB/s");
        assertThatThrownBy(
                        () ->
                                house.replicas.rebuild(
                                        "pg",
                                        "pg-r1",
                                        new Copy(Optional.of("pg-r1"), Optional.empty())))
                .hasMessageContaining("copyFrom");
    }

    private List<String> rebuilt(Copy copy) {
        house.watch.look();
        house.desk.get("pg").operation().ifPresent(house::finish);
        int before = house.agent.effects().size();
        assertThat(house.finish(house.replicas.rebuild("pg", "pg-r1", copy)))
                .isEqualTo(OperationState.Succeeded);
        assertThat(house.replicas.get("pg", "pg-r1").state()).isEqualTo(ReplicaState.Streaming);
        List<String> all = house.agent.effects();
        return all.subList(before, all.size());
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
