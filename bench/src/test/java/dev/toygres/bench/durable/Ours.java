package dev.toygres.bench.durable;

import com.zaxxer.hikari.HikariDataSource;
import dev.toygres.durable.CatalogueOperations;
import dev.toygres.durable.Context;
import dev.toygres.durable.DurableSchema;
import dev.toygres.durable.Engine;
import dev.toygres.durable.FlowType;
import dev.toygres.durable.Flows;
import dev.toygres.durable.StartRequest;
import dev.toygres.durable.StepOptions;
import dev.toygres.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** The module durable, started from a pool that the engine does not share. */
final class Ours implements Contender {
    private static final FlowType<Work, String> TYPE =
            new FlowType<>("bench", Work.class, String.class);
    private static final StepOptions PLAIN = StepOptions.DEFAULT;

    private final HikariDataSource enginePool;
    private final HikariDataSource callerPool;
    private final Engine engine;
    private final CatalogueOperations operations;
    private final Map<String, Runnable> bodies = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> ends = new ConcurrentHashMap<>();

    record Work(int steps, int events, long sleepSeconds) {}

    Ours(TestDatabase database) {
        enginePool = database.openPool(16);
        callerPool = database.openPool(8);
        DurableSchema.migrate(callerPool);
        engine = Engine.on(enginePool, Flows.none().with(TYPE, this::run)).build();
        operations = new CatalogueOperations(callerPool, InstantSource.system());
        engine.start();
    }

    private String run(Context flow, Work work) {
        Runnable body = bodies.getOrDefault(flow.operationId(), () -> {});
        for (int i = 0; i < work.steps(); i++) {
            flow.step(
                    "step " + i,
                    PLAIN,
                    String.class,
                    _ -> {
                        body.run();
                        return "done";
                    });
        }
        for (int i = 0; i < work.events(); i++) {
            flow.awaitEvent("wait " + i, "go", String.class, Duration.ofHours(1));
            flow.step("heard " + i, PLAIN, _ -> body.run());
        }
        if (work.sleepSeconds() > 0) {
            flow.sleep("sleep", Duration.ofSeconds(work.sleepSeconds()));
        }
        ends.getOrDefault(flow.operationId(), new CountDownLatch(1)).countDown();
        return "over";
    }

    private void start(String id, Work work) {
        try (Connection connection = callerPool.getConnection()) {
            operations.start(
                    connection,
                    new StartRequest<>(id, TYPE, work, Optional.empty(), Optional.empty()));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String name() {
        return "durable";
    }

    @Override
    public void steps(String id, int count) {
        var end = new CountDownLatch(1);
        ends.put(id, end);
        start(id, new Work(count, 0, 0));
        Waiting.on(end);
    }

    @Override
    public void oneStep(String id, Runnable body) {
        bodies.put(id, body);
        start(id, new Work(1, 0, 0));
    }

    @Override
    public void sleeper(String id, Duration duration) {
        start(id, new Work(0, 0, duration.toSeconds()));
    }

    @Override
    public String sleeping() {
        return "select count(*) from durable.operation"
                + " where id like 'sleeper-%' and state = 'Waiting' and owner is null";
    }

    @Override
    public void listener(String id, int events, Runnable body) {
        bodies.put(id, body);
        start(id, new Work(0, events, 0));
    }

    @Override
    public void signal(String id) {
        operations.signal(id, "go", "x");
    }

    @Override
    public void close() {
        engine.close();
        enginePool.close();
        callerPool.close();
    }
}
