package dev.toygres.durable;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a failed operation goes on when it is retried, and what of its failure is done anew. */
class RetryTest {
    private static final Stage stage = new Stage("retries");
    private static final FlowType<String, String> TYPE =
            new FlowType<>("flow", String.class, String.class);

    private final List<String> done = new CopyOnWriteArrayList<>();
    private final AtomicBoolean broken = new AtomicBoolean(true);

    @AfterAll
    static void end() {
        stage.close();
    }

    @AfterEach
    void clear() {
        stage.clear();
    }

    private Engine run(Flow<String, String> flow) {
        Engine engine = stage.engine(TYPE, flow);
        stage.start("op", TYPE, "in");
        stage.settle(engine);
        return engine;
    }

    private static void retry(Engine engine) {
        assertThat(stage.operations.retry("op")).isTrue();
        stage.settle(engine);
    }

    private void note(Context flow, String name) {
        flow.step(name, Stage.ONCE, _ -> done.add(name));
    }

    private void failIfBroken() {
        if (broken.get()) {
            throw new IllegalStateException("broken");
        }
    }

    private String marking(Context flow, String in) {
        note(flow, "before");
        try {
            flow.step("a", Stage.ONCE, _ -> failIfBroken());
        } catch (StepFailed failure) {
            flow.pointOfNoReturn("keep");
            flow.transact("mark/failed", connection -> done.add("marked"));
            throw failure;
        }
        return "done";
    }

    @Test
    void theFailurePathRunsAgainWhenTheRetryFailsAgain() {
        Engine engine = run(this::marking);
        assertThat(done).containsExactly("before", "marked");

        retry(engine);
        assertThat(stage.state("op")).isEqualTo(OperationState.Failed);
        assertThat(done).containsExactly("before", "marked", "marked");

        broken.set(false);
        retry(engine);
        assertThat(stage.result("op")).contains("\"done\"");
        assertThat(done).containsExactly("before", "marked", "marked");
        assertThat(stage.history("op")).contains("before Succeeded", "a Succeeded");
    }

    /** The point of no return was on the failure path, which the retry has not taken. */
    @Test
    void aRetryIsBackBeforeThePointOfNoReturnOfTheFailurePath() {
        Engine engine =
                run(
                        (flow, in) -> {
                            marking(flow, in);
                            flow.sleep("nap", Duration.ofHours(1));
                            return in;
                        });
        broken.set(false);
        retry(engine);

        assertThat(stage.operations.cancel("op")).isTrue();
        stage.settle(engine);

        assertThat(stage.state("op")).isEqualTo(OperationState.Cancelled);
    }

    @Test
    void aRetryStaysBehindThePointOfNoReturnThatCameBeforeTheFailure() {
        run(
                (flow, in) -> {
                    flow.pointOfNoReturn("sealed");
                    flow.step("a", Stage.ONCE, _ -> failIfBroken());
                    return in;
                });

        stage.operations.retry("op");

        assertThat(stage.operations.cancel("op")).isFalse();
    }

    @Test
    void aBranchBesideTheOneThatFailedIsNotRunAgain() {
        Engine engine =
                run(
                        (flow, in) -> {
                            try {
                                flow.parallel(
                                        "both", List.of(failingBranch(), branch("b", "beside")));
                            } catch (StepFailed failure) {
                                flow.parallel("clear", List.of(branch("x", "cleared")));
                                throw failure;
                            }
                            return "done";
                        });
        retry(engine);
        broken.set(false);
        retry(engine);

        assertThat(stage.result("op")).contains("\"done\"");
        assertThat(done).containsOnlyOnce("beside");
        assertThat(done).filteredOn("cleared"::equals).hasSize(2);
        assertThat(done).filteredOn("caught"::equals).hasSize(2);
    }

    private Branch<String> failingBranch() {
        return new Branch<>(
                "a",
                flow -> {
                    try {
                        flow.step("doomed", Stage.ONCE, _ -> failIfBroken());
                    } catch (StepFailed failure) {
                        note(flow, "caught");
                        throw failure;
                    }
                    return "fine";
                });
    }

    private Branch<String> branch(String name, String step) {
        return new Branch<>(
                name,
                flow -> {
                    note(flow, step);
                    return name;
                });
    }

    @Test
    void aRetryFindsARenamedStepUnderItsOldName() {
        Engine before = run((flow, in) -> failing(flow, "old", Stage.ONCE));
        before.close();
        Engine after =
                stage.engine(
                        TYPE, (flow, in) -> failing(flow, "new", Stage.ONCE.renamedFrom("old")));

        retry(after);
        assertThat(stage.state("op")).isEqualTo(OperationState.Failed);
        broken.set(false);
        retry(after);

        assertThat(stage.result("op")).contains("\"done\"");
        assertThat(done).containsExactly("marked", "marked");
    }

    private String failing(Context flow, String name, StepOptions options) {
        try {
            flow.step(name, options, _ -> failIfBroken());
        } catch (StepFailed failure) {
            note(flow, "marked");
            throw failure;
        }
        return "done";
    }

    @Test
    void aRenamedStepGoesOnWithTheAttemptsOfItsOldName() {
        var numbers = new CopyOnWriteArrayList<Integer>();
        StepOptions hourly =
                StepOptions.DEFAULT.attempts(2).backoff(Duration.ofHours(1), Duration.ofHours(1));
        Engine before =
                run(
                        (flow, in) -> {
                            flow.step("old", hourly, _ -> failIfBroken());
                            return in;
                        });
        before.close();
        broken.set(false);

        Engine after =
                stage.engine(
                        TYPE,
                        (flow, in) -> {
                            flow.step(
                                    "new",
                                    hourly.renamedFrom("old"),
                                    attempt -> numbers.add(attempt.number()));
                            return in;
                        });
        stage.settle(after, Duration.ofHours(1));

        assertThat(stage.state("op")).isEqualTo(OperationState.Succeeded);
        assertThat(numbers).containsExactly(2);
    }
}
