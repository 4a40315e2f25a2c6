package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.toygres.api.CreateInstanceRequest;
import dev.toygres.api.Problem;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.client.ToygresException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Bad input and bad timing: a clear error that names the field, and nothing left behind. */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
    private Home home;
    private ToygresClient client;

    @BeforeAll
    void up() {
        home = Home.up(1);
        client = home.client();
    }

    @AfterAll
    void down() {
        client.close();
        home.close();
    }

    @Test
    void everyFaultyFieldIsNamedAtOnce() {
        var refused =
                catchThrowableOfType(
                        ToygresException.Invalid.class,
                        () ->
                                client.createInstance(
                                        new CreateInstanceRequest(
                                                "Bad_Name",
                                                Optional.of("99"),
                                                Optional.of("huge"),
                                                Optional.of("mars"),
                                                Optional.empty(),
                                                Optional.of("pg_root"),
                                                Optional.of("template1"),
                                                Optional.empty())));

        assertThat(refused.fields())
                .extracting(Problem.FieldError::field)
                .containsExactlyInAnyOrder(
                        "id", "postgresVersion", "size", "region", "owner", "database");
        assertThat(client.listInstances(ListQuery.first()).items())
                .noneMatch(i -> i.id().contains("Bad"));
    }

    @Test
    void theCommandLineNamesTheFieldAndExitsWithUsageOrRefusal() {
        var outcome = home.toygres("create", "no-such-size", "--size", "huge");

        assertThat(outcome.exitCode()).isIn(2, 4);
        assertThat(outcome.errors()).contains("size").contains("nano");
        assertThat(home.toygres("get", "nobody").exitCode()).isEqualTo(3);
        assertThat(home.toygres("creat", "x").exitCode()).isEqualTo(2);
    }

    @Test
    void aNameInUseIsRefusedAndTheFirstInstanceIsNotTouched() {
        home.create("taken");

        var refused =
                catchThrowableOfType(
                        ToygresException.Conflict.class,
                        () -> client.createInstance(Home.nano("taken")));

        assertThat(refused.code()).isEqualTo("name-in-use");
        assertThat(client.getInstance("taken").state()).isEqualTo("Running");
        assertThat(home.toygres("create", "taken").exitCode()).isEqualTo(4);
    }

    @Test
    void oneIdempotencyKeyMakesOneInstance() {
        var keyed = client.withIdempotencyKey("only-once-please");

        String first = keyed.createInstance(Home.nano("once")).id();
        String second = keyed.createInstance(Home.nano("once")).id();

        assertThat(second).isEqualTo(first);
        client.watchOperation(first).await();
        client.deleteInstance("once").await();
    }

    @Test
    void ofTwoConflictingOperationsOneIsRefused() {
        home.create("busy");
        var restart = client.restartInstance("busy");

        var refused =
                catchThrowableOfType(
                        ToygresException.Conflict.class,
                        () -> {
                            client.stopInstance("busy");
                        });

        assertThat(refused.code()).isIn("operation-in-progress", "wrong-state");
        restart.await();
        assertThat(client.getInstance("busy").state()).isEqualTo("Running");
    }

    @Test
    void aProtectedInstanceIsNotDeleted() {
        client.createInstance(
                        new CreateInstanceRequest(
                                "dear",
                                Optional.empty(),
                                Optional.of("nano"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(true)))
                .await();

        var refused =
                catchThrowableOfType(
                        ToygresException.Conflict.class, () -> client.deleteInstance("dear"));

        assertThat(refused.code()).isEqualTo("deletion-protected");
        assertThat(List.of("Running")).contains(client.getInstance("dear").state());
    }
}
