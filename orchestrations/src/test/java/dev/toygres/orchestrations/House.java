package dev.toygres.orchestrations;

import dev.toygres.durable.CatalogueOperations;
import dev.toygres.durable.Engine;
import dev.toygres.durable.EngineOptions;
import dev.toygres.durable.Flows;
import dev.toygres.durable.Operation;
import dev.toygres.durable.OperationState;
import dev.toygres.orchestrations.host.HostWatch;
import dev.toygres.orchestrations.instance.EndpointQuery;
import dev.toygres.orchestrations.instance.InstanceDesk;
import dev.toygres.orchestrations.instance.InstanceFlows;
import dev.toygres.orchestrations.instance.InstanceSteps;
import dev.toygres.orchestrations.instance.NewInstance;
import dev.toygres.orchestrations.instance.Vault;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HostStore;
import dev.toygres.store.SecretStore;
import dev.toygres.testkit.TestDatabase;
import dev.toygres.testkit.TestPostgres;
import dev.toygres.testkit.TickedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The real desk, flows, engine and catalogue, with a fake agent and a clock that is ticked. */
public final class House implements AutoCloseable {
    public static final String HOST = "host-1";
    private static final EngineOptions OPTIONS =
            EngineOptions.DEFAULT
                    .heartbeat(Duration.ofMillis(100))
                    .grace(Duration.ofMillis(300))
                    .shortWait(Duration.ZERO);

    public final TestDatabase database;
    public final TickedClock clock = new TickedClock(Instant.parse("2026-01-01T00:00:00Z"));
    public final Catalogue catalogue;
    public final CatalogueOperations operations;
    public final FakeAgent agent = new FakeAgent(HOST);
    public final InstanceDesk desk;
    public final HostWatch watch;
    public final Flows flows;
    private Engine engine;

    /** With one host that has joined and been seen. */
    public House(String name) {
        this(name, (_, _, _) -> {});
    }

    public House(String name, EndpointQuery query) {
        database = TestPostgres.database(name);
        catalogue = new Catalogue(database.dataSource());
        catalogue.migrate();
        operations = new CatalogueOperations(database.dataSource(), clock);
        Vault vault = new Vault(catalogue, new SecretStore(new byte[32]));
        Agents agents = hostId -> agent;
        InstanceSteps steps =
                new InstanceSteps(catalogue, vault, new Orders(agents), operations, query);
        desk = new InstanceDesk(catalogue, operations, vault, clock);
        watch = new HostWatch(catalogue, agents, desk, operations, clock);
        flows = InstanceFlows.all(steps);
        engine = builder().build();
        catalogue
                .jdbi()
                .useHandle(
                        handle -> HostStore.join(handle, HOST, "local", "local-a", "127.0.0.1", 1));
        watch.look();
    }

    public Engine.Builder builder() {
        return Engine.on(database.dataSource(), flows).clock(clock).options(OPTIONS);
    }

    /** The engine is lost and another one takes over. */
    public void replaceEngine(Engine next) {
        engine.close();
        engine = next;
    }

    public static NewInstance wish(String id) {
        return new NewInstance(
                id,
                Optional.empty(),
                Optional.of("nano"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    /** Runs whatever is due; time passes where everything waits. */
    public OperationState finish(String operationId) {
        for (int turn = 0; turn < 500; turn++) {
            engine.tick();
            OperationState state = operation(operationId).state();
            if (state.isFinal()) {
                return state;
            }
            clock.advance(Duration.ofSeconds(1));
        }
        throw new AssertionError("does not end: " + operation(operationId));
    }

    /** One round of the engine. */
    public void tick() {
        engine.tick();
    }

    public Operation operation(String id) {
        return operations.find(id).orElseThrow();
    }

    public void create(String id) {
        OperationState state = finish(desk.create(wish(id)));
        if (state != OperationState.Succeeded) {
            throw new AssertionError("not created: " + state);
        }
    }

    @Override
    public void close() {
        engine.close();
        database.close();
    }
}
