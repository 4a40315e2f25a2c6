package dev.toygres.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.testkit.Eventually;
import java.time.Duration;
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
}
