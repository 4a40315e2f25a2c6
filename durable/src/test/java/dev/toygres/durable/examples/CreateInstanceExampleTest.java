package dev.toygres.durable.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.CatalogueOperations;
import dev.toygres.durable.DurableSchema;
import dev.toygres.durable.Engine;
import dev.toygres.durable.Flows;
import dev.toygres.durable.OperationState;
import dev.toygres.durable.Operations;
import dev.toygres.durable.StartRequest;
import dev.toygres.testkit.Eventually;
import dev.toygres.testkit.TestDatabase;
import dev.toygres.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CreateInstanceExampleTest {
    private final TestDatabase database = TestPostgres.database("example");
    private final CreateInstanceExample example = new CreateInstanceExample();
    private final Operations operations =
            new CatalogueOperations(database.dataSource(), InstantSource.system());
    private final Engine engine =
            Engine.on(
                            database.dataSource(),
                            Flows.none().with(CreateInstanceExample.TYPE, example::create))
                    .build();

    @BeforeEach
    void prepare() throws SQLException {
        DurableSchema.migrate(database.dataSource());
        try (Connection connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create table instance (id text primary key)");
        }
        engine.start();
    }

    @AfterEach
    void end() {
        engine.close();
        database.close();
    }

    private void start() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            operations.start(
                    connection,
                    new StartRequest<>(
                            "op-1",
                            CreateInstanceExample.TYPE,
                            new CreateInstanceExample.Order("db-1"),
                            Optional.of("db-1"),
                            Optional.of("instance db-1")));
        }
    }

    private void await(OperationState state) {
        Eventually.within(
                Duration.ofSeconds(20),
                () -> assertThat(operations.find("op-1").orElseThrow().state()).isEqualTo(state));
    }

    @Test
    void anInstanceIsCreatedOnceItSaysThatItLives() throws SQLException {
        start();
        await(OperationState.Waiting);

        operations.signal("op-1", "alive", "yes");

        await(OperationState.Succeeded);
        assertThat(operations.find("op-1").orElseThrow().result().orElseThrow())
                .contains("db-1.example.org");
    }

    @Test
    void aCancelTakesTheVolumeBack() throws SQLException {
        start();
        await(OperationState.Waiting);

        assertThat(operations.cancel("op-1")).isTrue();

        await(OperationState.Cancelled);
        assertThat(example.world).isEmpty();
    }
}
