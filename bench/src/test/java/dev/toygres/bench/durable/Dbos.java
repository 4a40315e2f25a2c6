package dev.toygres.bench.durable;

import com.zaxxer.hikari.HikariDataSource;
import dev.dbos.transact.DBOS;
import dev.dbos.transact.StartWorkflowOptions;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Workflow;
import dev.toygres.testkit.TestDatabase;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** DBOS Transact, with a pool of the size of both of ours. */
final class Dbos implements Contender {
    private static final Map<String, Runnable> BODIES = new ConcurrentHashMap<>();

    private final HikariDataSource pool;
    private final DBOS dbos;
    private final Flows flows;

    /** DBOS calls workflows through a proxy of an interface. */
    interface Flows {
        String run(String id, int steps, int events, long sleepSeconds);
    }

    static final class Runner implements Flows {
        private final DBOS dbos;

        Runner(DBOS dbos) {
            this.dbos = dbos;
        }

        @Override
        @Workflow(name = "bench")
        public String run(String id, int steps, int events, long sleepSeconds) {
            Runnable body = BODIES.getOrDefault(id, () -> {});
            for (int i = 0; i < steps; i++) {
                dbos.runStep(() -> done(body), "step " + i);
            }
            for (int i = 0; i < events; i++) {
                dbos.recv("go", Duration.ofHours(1));
                dbos.runStep(() -> done(body), "heard " + i);
            }
            if (sleepSeconds > 0) {
                dbos.sleep(Duration.ofSeconds(sleepSeconds));
            }
            return "over";
        }

        private static String done(Runnable body) {
            body.run();
            return "done";
        }
    }

    Dbos(TestDatabase database) {
        pool = database.openPool(24);
        dbos = new DBOS(DBOSConfig.defaults("bench").withDataSource(pool));
        flows = dbos.registerProxy(Flows.class, new Runner(dbos));
        dbos.launch();
    }

    @Override
    public String name() {
        return "DBOS Transact";
    }

    @Override
    public void steps(String id, int count) {
        dbos.startWorkflow(() -> flows.run(id, count, 0, 0), new StartWorkflowOptions(id))
                .getResult();
    }

    @Override
    public void oneStep(String id, Runnable body) {
        BODIES.put(id, body);
        var handle = dbos.startWorkflow(() -> flows.run(id, 1, 0, 0), new StartWorkflowOptions(id));
        Objects.requireNonNull(handle);
    }

    @Override
    public void sleeper(String id, Duration duration) {
        var handle =
                dbos.startWorkflow(
                        () -> flows.run(id, 0, 0, duration.toSeconds()),
                        new StartWorkflowOptions(id));
        Objects.requireNonNull(handle);
    }

    /** It journals the end of a sleep before it sleeps. */
    @Override
    public String sleeping() {
        return "select count(*) from dbos.operation_outputs"
                + " where workflow_uuid like 'sleeper-%' and function_name = 'DBOS.sleep'";
    }

    @Override
    public void listener(String id, int events, Runnable body) {
        BODIES.put(id, body);
        var handle =
                dbos.startWorkflow(() -> flows.run(id, 0, events, 0), new StartWorkflowOptions(id));
        Objects.requireNonNull(handle);
    }

    @Override
    public void signal(String id) {
        dbos.send(id, "x", "go");
    }

    @Override
    public void close() {
        dbos.shutdown();
        pool.close();
        BODIES.clear();
    }
}
