package dev.toygres.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.testkit.Eventually;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an engine may take over that has just come. */
class TakeoverTest {
    private static final Stage stage = new Stage("takeovers");
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final FlowType<String, String> TYPE =
            new FlowType<>("flow", String.class, String.class);

    @AfterAll
    static void end() {
        stage.close();
    }

    @AfterEach
    void clear() {
        stage.clear();
    }

    /** One that died with an operation in its hands, and was silent for longer than the limit. */
    private static void leaveWorkOfADeadEngine() {
        Engine dead = stage.engine(TYPE, (flow, in) -> "not reached");
        dead.tick();
        stage.start("op", TYPE, "in");
        stage.execute(
                "update durable.operation set state = 'Running', wake_at = null, owner = '"
                        + dead.server()
                        + "'");
        dead.abandon();
        Eventually.until(SOON, "silent", () -> isSilent());
    }

    private static boolean isSilent() {
        return stage.count(
                        "select count(*) from durable.server where heartbeat_at <"
                                + " clock_timestamp() - interval '450 ms'")
                == 1;
    }

    @Test
    void aNewcomerTakesOverAtOnceWhatADeadEngineLeft() {
        leaveWorkOfADeadEngine();
        Engine newcomer = stage.engine(TYPE, (flow, in) -> "taken over");

        newcomer.tick();

        assertThat(stage.result("op")).contains("\"taken over\"");
    }

    /** As after an outage: all seem silent, though each will beat again in a moment. */
    @Test
    void aNewcomerWaitsForThoseThatHaveNotBeatenSinceTheCatalogueCameUp() {
        leaveWorkOfADeadEngine();
        stage.execute(
                "update durable.server set heartbeat_at = pg_postmaster_start_time()"
                        + " - interval '1 s'");
        Engine newcomer = stage.engine(TYPE, (flow, in) -> "taken over");

        newcomer.tick();
        assertThat(stage.state("op")).isEqualTo(OperationState.Running);

        Eventually.until(
                SOON,
                "the wait is over",
                () -> newcomer.tick() > 0 || stage.state("op") == OperationState.Succeeded);
        assertThat(stage.result("op")).contains("\"taken over\"");
    }

    @Test
    void aNewcomerLeavesTheLivingAlone() {
        Engine living = stage.engine(TYPE, (flow, in) -> "kept");
        living.tick();
        stage.start("op", TYPE, "in");
        stage.execute(
                "update durable.operation set state = 'Running', wake_at = null, owner = '"
                        + living.server()
                        + "'");
        stage.execute("update durable.server set heartbeat_at = clock_timestamp()");

        stage.engine(TYPE, (flow, in) -> "robbed").tick();

        assertThat(stage.state("op")).isEqualTo(OperationState.Running);
    }

    /** A server that the network keeps from the hosts would fail what another one can do. */
    @Test
    void whoIsNotFitHandsOverWhatItRunsAndPicksNothing() {
        AtomicBoolean fit = new AtomicBoolean(true);
        CountDownLatch inStep = new CountDownLatch(1);
        Engine blind =
                stage.keep(
                        stage.builder(
                                        Flows.none()
                                                .with(
                                                        TYPE,
                                                        (flow, in) ->
                                                                flow.step(
                                                                        "order",
                                                                        StepOptions.DEFAULT,
                                                                        String.class,
                                                                        _ -> hang(inStep))))
                                .worksWhile(fit::get)
                                .build());
        blind.start();
        stage.start("op", TYPE, "in");
        Eventually.until(SOON, "it is at work", () -> inStep.getCount() == 0);

        fit.set(false);
        Eventually.until(SOON, "it has let go", () -> blind.running() == 0);
        Engine other =
                stage.engine(
                        TYPE,
                        (flow, in) ->
                                flow.step("order", StepOptions.DEFAULT, String.class, _ -> "done"));
        Eventually.until(
                SOON,
                "the other one goes on",
                () -> other.tick() > 0 || stage.state("op") == OperationState.Succeeded);
        assertThat(stage.result("op")).contains("\"done\"");

        stage.start("next", TYPE, "in");
        Eventually.until(
                SOON,
                "the other one does the next, too",
                () -> other.tick() > 0 || stage.state("next") == OperationState.Succeeded);
        assertThat(stage.result("next")).contains("\"done\"");
    }

    private static String hang(CountDownLatch inStep) throws InterruptedException {
        inStep.countDown();
        Thread.sleep(SOON);
        return "never";
    }
}
