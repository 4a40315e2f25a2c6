package dev.toygres.orchestrations;

import com.zaxxer.hikari.HikariDataSource;
import dev.toygres.durable.CatalogueOperations;
import dev.toygres.durable.Engine;
import dev.toygres.durable.EngineOptions;
import dev.toygres.durable.Flows;
import dev.toygres.durable.Operation;
import dev.toygres.durable.OperationState;
import dev.toygres.model.health.HealthMonitorConfig;
import dev.toygres.orchestrations.alert.AlertWatch;
import dev.toygres.orchestrations.backup.BackupDesk;
import dev.toygres.orchestrations.backup.BackupWatch;
import dev.toygres.orchestrations.drill.DrillDesk;
import dev.toygres.orchestrations.drill.DrillWatch;
import dev.toygres.orchestrations.failover.FailoverDesk;
import dev.toygres.orchestrations.failover.FailoverWish;
import dev.toygres.orchestrations.health.HealthWatch;
import dev.toygres.orchestrations.health.Monitors;
import dev.toygres.orchestrations.host.HostWatch;
import dev.toygres.orchestrations.host.Standing;
import dev.toygres.orchestrations.instance.EndpointQuery;
import dev.toygres.orchestrations.instance.InstanceDesk;
import dev.toygres.orchestrations.instance.NewInstance;
import dev.toygres.orchestrations.instance.Vault;
import dev.toygres.orchestrations.parameter.NewParameters;
import dev.toygres.orchestrations.parameter.ParameterDesk;
import dev.toygres.orchestrations.replica.NewReplica;
import dev.toygres.orchestrations.replica.ReplicaDesk;
import dev.toygres.orchestrations.restore.RestoreDesk;
import dev.toygres.orchestrations.secret.SecretDesk;
import dev.toygres.store.Catalogue;
import dev.toygres.store.CatalogueIncarnations;
import dev.toygres.store.HostStore;
import dev.toygres.store.SecretStore;
import dev.toygres.testkit.Eventually;
import dev.toygres.testkit.TestDatabase;
import dev.toygres.testkit.TestPostgres;
import dev.toygres.testkit.TickedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The real desk, flows, engine and catalogue, with a fake agent and a clock that is ticked. */
public final class House implements AutoCloseable {
    public static final String HOST = "host-1";
    private static final Instant FIRST_DAY = Instant.parse("2026-01-01T00:00:00Z");
    private static final EngineOptions OPTIONS =
            EngineOptions.DEFAULT
                    .heartbeat(Duration.ofMillis(50))
                    .grace(Duration.ofMillis(300))
                    .shortWait(Duration.ZERO);

    public final TestDatabase database;
    private final HikariDataSource pool;
    public final TickedClock clock = new TickedClock(FIRST_DAY);
    public final Catalogue catalogue;
    public final CatalogueOperations operations;
    public FakeAgent agent = new FakeAgent(HOST);
    private final Set<String> away = ConcurrentHashMap.newKeySet();
    private final Map<String, FakeAgent> others = new ConcurrentHashMap<>();
    public final InstanceDesk desk;
    public final ReplicaDesk replicas;
    public final FailoverDesk failovers;
    public final ParameterDesk parameters;
    public final AlertWatch alerts;
    public final HealthWatch health;
    public final Monitors monitors;
    public final BackupDesk backups;
    public final RestoreDesk restores;
    public final DrillDesk drills;
    public final DrillWatch drillWatch;
    public final SecretDesk secrets;
    public final HostWatch watch;
    public final BackupWatch backupWatch;
    public final Standing standing;
    public final Flows flows;
    public final Lanes lanes;
    private final Supplier<Desks> another;
    private final Engine engine;

    /** With one host that has joined and been seen. */
    public House(String name) {
        this(name, (_, _, _) -> {});
    }

    public House(String name, EndpointQuery query) {
        database = TestPostgres.database(name);
        // Nothing here loses the catalogue, so its disk need not be waited for.
        pool = database.openPool(16, "-c synchronous_commit=off");
        catalogue = new Catalogue(pool);
        catalogue.migrate();
        operations = new CatalogueOperations(pool, clock, new CatalogueIncarnations());
        Vault vault = new Vault(catalogue, new SecretStore(new byte[32]));
        Agents agents =
                host -> away.contains(host) ? silent(host) : others.getOrDefault(host, this.agent);
        another = () -> Desks.of(catalogue, vault, agents, operations, query, clock);
        Desks desks = another.get();
        desk = desks.instances();
        replicas = desks.replicas();
        failovers = desks.failovers();
        parameters = desks.parameters();
        alerts = desks.alerts();
        health = desks.health();
        monitors = desks.monitors();
        backups = desks.backups();
        restores = desks.restores();
        drills = desks.drills();
        drillWatch = desks.drillWatch();
        secrets = desks.secrets();
        watch = desks.watch();
        backupWatch = desks.backupWatch();
        standing = desks.standing();
        flows = desks.flows();
        lanes = new Lanes(operations, clock);
        engine = builder().build();
        joinHost();
        watch.look();
    }

    /** One that has just begun, and has seen nothing yet. */
    public Desks anotherServer() {
        return another.get();
    }

    /** Hosts beside the first have the same agent; it says the same of all of them. */
    public void joinHost(String id) {
        catalogue
                .jdbi()
                .useHandle(
                        handle ->
                                HostStore.join(handle, id, "local", "zone-" + id, "127.0.0.1", 1));
        watch.look();
    }

    /** All else of its monitoring stays as it is. */
    public void leaseTtl(String id, Duration ttl) {
        HealthMonitorConfig usual = monitors.config(id);
        monitors.configure(
                id,
                new HealthMonitorConfig(
                        usual.checkInterval(),
                        usual.failureThreshold(),
                        usual.checkTimeout(),
                        usual.maxEligibleLagBytes(),
                        usual.customCheck(),
                        usual.customCheckCounts(),
                        usual.cooldown(),
                        usual.failoversPerHour(),
                        ttl,
                        usual.restartTimeout()));
    }

    /** Its agent does not answer, or does again. */
    public void away(String host, boolean isAway) {
        if (isAway) {
            away.add(host);
        } else {
            away.remove(host);
        }
    }

    private static FakeAgent silent(String host) {
        FakeAgent silent = new FakeAgent(host);
        silent.reachable(false);
        return silent;
    }

    /** The one host joins, again perhaps. */
    public void joinHost() {
        catalogue
                .jdbi()
                .useHandle(
                        handle -> HostStore.join(handle, HOST, "local", "local-a", "127.0.0.1", 1));
    }

    /** One more host, with an agent of its own, until the house is cleared. */
    public FakeAgent joinAnother(String id, String address) {
        FakeAgent another = new FakeAgent(id, agent);
        others.put(id, another);
        catalogue
                .jdbi()
                .useHandle(handle -> HostStore.join(handle, id, "local", zone(id), address, 1));
        watch.look();
        return another;
    }

    /** Each has one of its own. */
    public static String zone(String host) {
        return "zone-of-" + host;
    }

    public Map<String, FakeAgent> others() {
        return Map.copyOf(others);
    }

    public Engine.Builder builder() {
        return Engine.on(pool, flows).clock(clock).options(OPTIONS);
    }

    private static final List<String> TABLES =
            List.of(
                    "catalogue.restore_drill",
                    "catalogue.restore_drill_plan",
                    "catalogue.restore",
                    "catalogue.backup_schedule",
                    "catalogue.restore_point",
                    "catalogue.wal_sample",
                    "catalogue.backup",
                    "catalogue.repository",
                    "catalogue.parameter_change",
                    "catalogue.parameter_set",
                    "catalogue.duty",
                    "catalogue.notification",
                    "catalogue.alert",
                    "catalogue.failover",
                    "catalogue.health_decision",
                    "catalogue.health_monitor",
                    "catalogue.leftover",
                    "catalogue.member",
                    "catalogue.instance",
                    "catalogue.secret",
                    "durable.event",
                    "durable.step",
                    "durable.operation",
                    "durable.server");

    /** The same database as on the first day: the host, and nothing on it. */
    public void clear() {
        agent = new FakeAgent(HOST);
        away.clear();
        // Its store's clock begins with that of the first house, and goes on with ours.
        agent.backups.pass(Duration.between(FIRST_DAY, clock.instant()));
        others.clear();
        joinHost();
        catalogue
                .jdbi()
                .useHandle(
                        handle ->
                                // Of so little, deleting takes a tenth of what truncating does.
                                handle.createScript(
                                                TABLES.stream()
                                                        .map(table -> "delete from " + table + ";")
                                                        .collect(Collectors.joining()))
                                        .execute());
        catalogue
                .jdbi()
                .useHandle(
                        handle -> handle.execute("delete from catalogue.host where id <> ?", HOST));
    }

    /** Whatever touches that table meanwhile fails, as when the catalogue is away. */
    public void without(String table, Runnable act) {
        String name = table.substring(table.indexOf('.') + 1);
        rename(table, name + "_away");
        try {
            act.run();
        } finally {
            rename(table + "_away", name);
        }
    }

    private void rename(String table, String name) {
        catalogue
                .jdbi()
                .useHandle(handle -> handle.execute("alter table " + table + " rename to " + name));
    }

    /** All else as usual. */
    public static NewReplica replica(String id, String mode) {
        return new NewReplica(
                id,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(mode),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** All else as usual. */
    public static FailoverWish to(String replica) {
        return new FailoverWish(
                Optional.of(replica),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public static NewInstance wish(String id) {
        return wish(id, Optional.empty(), List.of());
    }

    /** With so many replicas. */
    public static NewInstance wish(String id, int replicas) {
        return wish(
                id,
                Optional.empty(),
                IntStream.range(2, replicas + 2)
                        .mapToObj(number -> replica(id + "-m" + number, "Async"))
                        .toList());
    }

    public static NewInstance wish(String id, Map<String, Optional<String>> parameters) {
        return wish(id, Optional.of(NewParameters.of(parameters, "tester")), List.of());
    }

    private static NewInstance wish(
            String id, Optional<NewParameters> parameters, List<NewReplica> replicas) {
        return new NewInstance(
                id,
                Optional.empty(),
                Optional.of("nano"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                replicas,
                parameters);
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

    /** Runs the operation until it needs a decision. */
    public void untilAsked(String operation) {
        for (int turn = 0; turn < 400; turn++) {
            tick();
            if (operation(operation).state() == OperationState.NeedsDecision) {
                return;
            }
            clock.advance(Duration.ofSeconds(1));
        }
        throw new AssertionError("asks nothing: " + operation(operation));
    }

    /** A turn of the watch, and all that it looks at because of that. */
    public void watchHealth() {
        health.tick();
        Eventually.until(
                Duration.ofSeconds(60),
                "whoever is looked at has been looked at",
                () -> health.looking().isEmpty());
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
        pool.close();
        database.close();
    }
}
