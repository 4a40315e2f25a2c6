package dev.toygres.orchestrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.durable.OperationState;
import dev.toygres.durable.SubjectReplaced;
import dev.toygres.model.InstanceState;
import dev.toygres.orchestrations.replica.NewReplica;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** P18-P20: an operation is about one instance and one replica, not about whoever has the name. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NamesakeTest {
    private final House house = new House("namesakes");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void clear() {
        house.clear();
        house.watch.look();
    }

    private String failedCreation() {
        house.agent.failing("CreateMember", "no room", 99);
        String operation = house.desk.create(House.wish("pg"));
        assertThat(house.finish(operation)).isEqualTo(OperationState.Failed);
        house.agent.failing("none", "", 0);
        return operation;
    }

    private void succeed(String operation) {
        assertThat(house.finish(operation)).isEqualTo(OperationState.Succeeded);
    }

    private static NewReplica replica() {
        return new NewReplica(
                "pg-r1",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("Async"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void retryingTheCreationOfAFormerInstanceLeavesTheNewOneAlone() {
        String former = failedCreation();
        succeed(house.desk.delete("pg"));
        assertThatThrownBy(() -> house.operations.retry(former))
                .as("it is gone")
                .isInstanceOf(SubjectReplaced.class);
        house.create("pg");

        assertThatThrownBy(() -> house.operations.retry(former))
                .isInstanceOf(SubjectReplaced.class)
                .hasMessageContaining("make the request anew");

        assertThat(house.operation(former).state()).isEqualTo(OperationState.Failed);
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
    }

    @Test
    void aFailedCreationOfAnInstanceThatIsStillThereCanBeRetried() {
        String failed = failedCreation();

        assertThat(house.operations.retry(failed)).isTrue();

        succeed(failed);
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
    }

    /**
     * A deletion, or a change that waits for its time, starts without the lane and takes it later.
     */
    @Test
    void anOperationOfAFormerInstanceNeverGetsTheLaneOfTheNewOne() {
        String former = failedCreation();
        succeed(house.desk.delete("pg"));
        house.create("pg");

        assertThatThrownBy(
                        () ->
                                house.catalogue
                                        .jdbi()
                                        .inTransaction(
                                                handle ->
                                                        house.operations.takeLane(
                                                                handle.getConnection(),
                                                                former,
                                                                Lanes.of("pg"))))
                .isInstanceOf(SubjectReplaced.class);
    }

    @Test
    void retryingTheAdditionOfAFormerReplicaLeavesTheNewOneAlone() {
        house.create("pg");
        house.agent.failing("CreateReplica", "no room", 99);
        String former = house.replicas.add("pg", replica());
        assertThat(house.finish(former)).isEqualTo(OperationState.Failed);
        house.agent.failing("none", "", 0);
        succeed(house.replicas.remove("pg", "pg-r1"));
        succeed(house.replicas.add("pg", replica()));

        assertThatThrownBy(() -> house.operations.retry(former))
                .isInstanceOf(SubjectReplaced.class);

        assertThat(house.desk.get("pg").replicas())
                .extracting(one -> one.id())
                .isEqualTo(List.of("pg-r1"));
    }
}
