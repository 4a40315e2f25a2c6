package dev.toygres.durable;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.toygres.testkit.Eventually;
import dev.toygres.testkit.TestPostgres;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Engines on their own threads, several on one database, and a database that comes and goes. */
class EnginesTest {
    private static final Stage stage = new Stage("engines");
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final FlowType<String, String> TYPE =
            new FlowType<>("flow", String.class, String.class);
    private static final EngineOptions OPTIONS =
            Stage.OPTIONS.shortWait(Duration.ofSeconds(2)).pollInterval(Duration.ofMillis(50));

    private final Set<Long> tokens = ConcurrentHashMap.newKeySet();
    private final AtomicInteger calls = new AtomicInteger();

    @AfterAll
    static void end() {
        stage.close();
    }

    @AfterEach
    void clear() {
        stage.clear();
    }

    private Engine started(Flow<String, String> flow) {
        return started(flow, OPTIONS);
    }

    private Engine started(Flow<String, String> flow, EngineOptions options) {
        Engine engine =
                stage.keep(
                        stage.builder(Flows.none().with(TYPE, flow))
                                .clock(InstantSource.system())
                                .options(options)
                                .build());
        engine.start();
        return engine;
    }

    private static void awaitState(String id, OperationState state) {
        Eventually.within(SOON, () -> assertThat(stage.state(id)).isEqualTo(state));
    }

    private static List<String> startMany(int count) {
        List<String> ids = IntStream.range(0, count).mapToObj(i -> "op-" + i).toList();
        ids.forEach(id -> stage.start(id, TYPE, "in"));
        return ids;
    }

    @Test
    void twoEnginesShareTheWorkAndNoneIsDoneTwice() {
        Flow<String, String> flow =
                (context, in) -> {
                    tokens.add(context.token());
                    context.step("a", Stage.ONCE, _ -> calls.incrementAndGet());
                    return in;
                };
        started(flow, OPTIONS.workers(2));
        started(flow, OPTIONS.workers(2));

        List<String> ids = startMany(100);

        ids.forEach(id -> awaitState(id, OperationState.Succeeded));
        assertThat(calls).hasValue(100);
        assertThat(tokens).hasSize(100);
    }

    @Test
    void aDeadServersWorkIsTakenOverUnderAHigherToken() throws Exception {
        var begun = new Semaphore(0);
        var seen = new CopyOnWriteArrayList<Long>();
        Flow<String, String> flow =
                (context, in) -> {
                    context.step(
                            "a",
                            Stage.ONCE,
                            attempt -> {
                                seen.add(attempt.token());
                                begun.release();
                                if (seen.size() == 1) {
                                    Thread.sleep(60_000);
                                }
                            });
                    return in;
                };
        Engine first = started(flow);
        stage.start("op", TYPE, "in");
        begun.acquire();
        started(flow);

        first.abandon();

        awaitState("op", OperationState.Succeeded);
        assertThat(seen).hasSize(2);
        assertThat(seen.get(1)).isGreaterThan(seen.get(0));
    }

    /** A slow server is not dead: what it does after it lost the operation must leave no trace. */
    @Test
    void aServerThatLostItsOperationWritesNothing() throws Exception {
        var begun = new CountDownLatch(1);
        var robbed = new CountDownLatch(1);
        stage.execute("create table trace (what text)");
        Engine engine =
                started(
                        (context, in) -> {
                            if (calls.incrementAndGet() > 1) {
                                return "taken over";
                            }
                            begun.countDown();
                            awaitQuietly(robbed);
                            context.transact("trace", EnginesTest::leaveTrace);
                            return "robbed";
                        });
        stage.start("op", TYPE, "in");
        begun.await();
        stage.execute(
                "update durable.operation set owner = null, wake_at = durable.at_once(),"
                        + " token = nextval('durable.token')");
        awaitState("op", OperationState.Succeeded);

        robbed.countDown();
        Eventually.until(SOON, "both runs ended", () -> engine.running() == 0);

        assertThat(stage.result("op")).contains("\"taken over\"");
        assertThat(stage.count("select count(*) from trace")).isZero();
        assertThat(stage.history("op")).isEmpty();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        Eventually.until(SOON, "the signal", () -> latch.getCount() == 0);
    }

    private static void leaveTrace(java.sql.Connection connection) throws java.sql.SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("insert into trace values ('x')");
        }
    }

    @Test
    void aShutdownIsNoFailureOfTheStepThatRuns() throws Exception {
        var begun = new CountDownLatch(1);
        var numbers = new CopyOnWriteArrayList<Integer>();
        Flow<String, String> flow =
                (context, in) -> {
                    context.step(
                            "a",
                            Stage.ONCE,
                            attempt -> {
                                numbers.add(attempt.number());
                                begun.countDown();
                                if (numbers.size() == 1) {
                                    Thread.sleep(60_000);
                                }
                            });
                    return in;
                };
        Engine first = started(flow);
        stage.start("op", TYPE, "in");
        begun.await();

        first.close();
        assertThat(stage.operation("op").state().isFinal()).isFalse();
        started(flow);

        awaitState("op", OperationState.Succeeded);
        assertThat(numbers).containsExactly(1, 1);
    }

    @Test
    void killedConnectionsLoseNothing() {
        started(this::longFlow);
        List<String> ids = startMany(10);

        for (int i = 0; i < 5; i++) {
            int seen = calls.get();
            Eventually.until(SOON, "more steps", () -> calls.get() > seen || calls.get() >= 200);
            stage.database.killConnections();
        }

        ids.forEach(id -> awaitState(id, OperationState.Succeeded));
        assertThat(stage.count("select count(*) from counted")).isEqualTo(200);
    }

    @Test
    void aRestartOfTheCatalogueLosesNothing() {
        started(this::longFlow);
        List<String> ids = startMany(10);
        Eventually.until(SOON, "some steps", () -> calls.get() > 20);

        TestPostgres.shared().restart();

        Eventually.within(
                SOON,
                () ->
                        ids.forEach(
                                id ->
                                        assertThat(stage.state(id))
                                                .isEqualTo(OperationState.Succeeded)));
        assertThat(stage.count("select count(*) from counted")).isEqualTo(200);
    }

    /** Twenty transactions, each of which must be there once. */
    private String longFlow(Context context, String in) {
        for (int i = 0; i < 20; i++) {
            context.transact(
                    "step " + i,
                    connection -> {
                        calls.incrementAndGet();
                        try (var statement =
                                connection.prepareStatement("insert into counted values (?)")) {
                            statement.setString(1, context.operationId());
                            statement.executeUpdate();
                        }
                    });
        }
        return in;
    }

    @BeforeEach
    void prepare() {
        stage.execute("create table if not exists counted (operation text)");
        stage.execute("truncate counted");
    }

    /** The catalogue was away for longer than the limit: that is nobody's death. */
    @Test
    @Tag("chaos")
    void anOutageOfTheCatalogueMakesNobodyRobTheOthers() throws Exception {
        var begun = new Semaphore(0);
        var end = new CountDownLatch(1);
        Flow<String, String> flow =
                (context, in) -> {
                    context.step(
                            "a",
                            StepOptions.DEFAULT,
                            _ -> {
                                calls.incrementAndGet();
                                begun.release();
                                end.await();
                            });
                    return in;
                };
        started(flow, OPTIONS.heartbeat(Duration.ofMillis(200)).missedHeartbeats(300));
        List<String> ids = startMany(4);
        begun.acquire(4);
        started(flow, OPTIONS.heartbeat(Duration.ofSeconds(1)));
        Eventually.until(
                SOON, "two servers", () -> stage.count("select count(*) from durable.server") == 2);

        TestPostgres.shared().stop();
        long back = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        Eventually.until(SOON, "a long outage", () -> System.nanoTime() - back > 0);
        TestPostgres.shared().start();
        Eventually.within(SOON, () -> assertThat(stage.state("op-0")).isNotNull());
        long looked = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        Eventually.until(SOON, "the other is back, too", () -> System.nanoTime() - looked > 0);
        end.countDown();

        ids.forEach(id -> awaitState(id, OperationState.Succeeded));
        assertThat(calls).hasValue(4);
    }

    @Test
    void aStartFromAnotherPoolIsHeardAtOnceWithoutAPoll() {
        started((context, in) -> in, OPTIONS.pollInterval(Duration.ofMinutes(10)));
        Eventually.until(SOON, "listening", () -> isPicked("first"));

        stage.start("second", TYPE, "in");

        awaitState("second", OperationState.Succeeded);
    }

    private static boolean isPicked(String id) {
        stage.start(id, TYPE, "in");
        return stage.state(id) == OperationState.Succeeded;
    }

    @Test
    void watchersAreToldOfEveryChange() {
        var told = new AtomicInteger();
        try (HikariDataSource other = stage.database.openPool(2);
                var feed = new OperationFeed(other);
                var watch = feed.subscribe("op", told::incrementAndGet)) {
            assertThat(watch).isNotNull();
            started(
                    (context, in) ->
                            context.awaitEvent("wait", "go", String.class, SOON).orElse("none"));
            stage.start("op", TYPE, "in");
            awaitState("op", OperationState.Waiting);
            Eventually.until(SOON, "told of the wait", () -> told.get() > 0);
            int parked = told.get();

            stage.operations.signal("op", "go", "x");

            awaitState("op", OperationState.Succeeded);
            Eventually.until(SOON, "told of the end", () -> told.get() > parked);
        }
    }

    @Test
    void anEngineLeavesNoThreadBehind() {
        Engine engine = started((context, in) -> in);
        Eventually.until(SOON, "started", () -> isPicked("first"));

        engine.close();

        Eventually.within(
                SOON,
                () ->
                        assertThat(Thread.getAllStackTraces().keySet())
                                .noneMatch(t -> t.getName().startsWith("durable")));
    }

    @Test
    void moreWorkThanWorkersWaitsItsTurn() {
        var most = new AtomicInteger();
        var now = new AtomicInteger();
        started(
                (context, in) -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    context.step("a", Stage.ONCE, _ -> calls.incrementAndGet());
                    now.decrementAndGet();
                    return in;
                },
                OPTIONS.workers(3));

        startMany(50).forEach(id -> awaitState(id, OperationState.Succeeded));

        assertThat(most.get()).isLessThanOrEqualTo(3);
    }

    /** The answer to a pick was lost: we own it by the catalogue but know nothing of it. */
    @Test
    void whatIsOwnedButNotRunIsHandedBack() {
        Engine engine = started((context, in) -> in);
        Eventually.until(SOON, "started", () -> isPicked("first"));
        stage.execute(
                "insert into durable.operation (id, type, input, state, owner, token, created_at)"
                        + " values ('stray', 'flow', '\"in\"', 'Running', '"
                        + engine.server()
                        + "', nextval('durable.token'), now())");

        awaitState("stray", OperationState.Succeeded);
    }
}
