package dev.toygres.durable;

import dev.toygres.testkit.TestDatabase;
import dev.toygres.testkit.TestPostgres;
import dev.toygres.testkit.TickedClock;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A database with a clock that stands still and engines that move only when ticked. */
final class Stage implements AutoCloseable {
    static final StepOptions ONCE = StepOptions.DEFAULT.attempts(1);
    static final EngineOptions OPTIONS =
            EngineOptions.DEFAULT
                    .heartbeat(Duration.ofMillis(100))
                    .grace(Duration.ofMillis(300))
                    .shortWait(Duration.ZERO);

    final TestDatabase database;
    final TickedClock clock = new TickedClock(Instant.parse("2026-01-01T00:00:00Z"));
    final CatalogueOperations operations;
    final List<EngineListener.OverdueStep> overdue = new CopyOnWriteArrayList<>();
    private final List<Engine> engines = new ArrayList<>();

    Stage(String name) {
        database = TestPostgres.database(name);
        DurableSchema.migrate(database.dataSource());
        operations = new CatalogueOperations(database.dataSource(), clock);
    }

    Engine engine(Flows flows) {
        return engine(flows, OPTIONS);
    }

    Engine engine(Flows flows, EngineOptions options) {
        return keep(builder(flows).options(options).build());
    }

    <I, O> Engine engine(FlowType<I, O> type, Flow<I, O> flow) {
        return engine(Flows.none().with(type, flow));
    }

    Engine.Builder builder(Flows flows) {
        return Engine.on(database.dataSource(), flows)
                .clock(clock)
                .options(OPTIONS)
                .listener(
                        new EngineListener() {
                            @Override
                            public void stepOverdue(OverdueStep step) {
                                overdue.add(step);
                            }
                        });
    }

    Engine keep(Engine engine) {
        engines.add(engine);
        return engine;
    }

    <I> void start(String id, FlowType<I, ?> type, I input) {
        start(new StartRequest<>(id, type, input, Optional.empty(), Optional.empty()));
    }

    <I> void start(StartRequest<I> request) {
        try (Connection connection = database.dataSource().getConnection()) {
            operations.start(connection, request);
        } catch (SQLException e) {
            throw new CatalogueFault(e);
        }
    }

    /** Ticks until nothing is due any more. */
    void settle(Engine engine) {
        int picked;
        do {
            picked = engine.tick();
        } while (picked > 0);
    }

    void settle(Engine engine, Duration later) {
        clock.advance(later);
        settle(engine);
    }

    Operation operation(String id) {
        return operations.find(id).orElseThrow();
    }

    OperationState state(String id) {
        return operation(id).state();
    }

    Optional<String> result(String id) {
        return operation(id).result();
    }

    List<String> history(String id) {
        return operations.steps(id).stream().map(step -> step.path() + " " + step.state()).toList();
    }

    void execute(String sql) {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new CatalogueFault(e);
        }
    }

    long count(String sql) {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new CatalogueFault(e);
        }
    }

    /** Between two tests: no engine, and nothing that the next one would pick up. */
    void clear() {
        engines.forEach(Engine::close);
        engines.clear();
        overdue.clear();
        execute(
                "delete from durable.event; delete from durable.step;"
                        + " delete from durable.operation; delete from durable.server");
    }

    @Override
    public void close() {
        engines.forEach(Engine::close);
        database.close();
    }
}
