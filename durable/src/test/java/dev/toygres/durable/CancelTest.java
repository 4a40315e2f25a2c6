package dev.toygres.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.testkit.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CancelTest {
    private static final Stage stage = new Stage("cancels");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final FlowType<String, String> TYPE =
            new FlowType<>("flow", String.class, String.class);
    private static final FlowType<String, String> CHILD =
            new FlowType<>("child", String.class, String.class);

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

    private void note(Context flow, String name) {
        flow.step(name, Stage.ONCE, _ -> done.add(name));
    }

    private void undoable(Context flow, String name) {
        note(flow, name);
        flow.onUndo(name, Stage.ONCE, _ -> done.add("undo " + name));
    }

    private void failIfBroken() {
        if (broken.get()) {
            throw new IllegalStateException("broken");
        }
    }

    @Test
    void aCancelIsSeenInAWaitAndUndoesInReverse() {
        Engine engine =
                run(
                        (flow, in) -> {
                            undoable(flow, "a");
                            undoable(flow, "b");
                            flow.sleep("nap", HOUR);
                            note(flow, "never");
                            return "done";
                        });

        assertThat(stage.operations.cancel("op")).isTrue();
        assertThat(stage.operation("op").cancelRequested()).isTrue();
        stage.settle(engine);

        assertThat(stage.state("op")).isEqualTo(OperationState.Cancelled);
        assertThat(done).containsExactly("a", "b", "undo b", "undo a");
    }

    @Test
    void aCancelBeforeTheFirstStepRunsNone() {
        Engine engine =
                stage.engine(
                        TYPE,
                        (flow, in) -> {
                            note(flow, "a");
                            return in;
                        });
        stage.start("op", TYPE, "in");
        stage.operations.cancel("op");

        stage.settle(engine);

        assertThat(stage.state("op")).isEqualTo(OperationState.Cancelled);
        assertThat(done).isEmpty();
    }

    @Test
    void aCancelThatWasAcceptedIsHonouredEvenAfterTheLastStep() {
        Engine engine =
                run(
                        (flow, in) -> {
                            undoable(flow, "a");
                            flow.step("last", Stage.ONCE, _ -> stage.operations.cancel("op"));
                            return "done";
                        });
        stage.settle(engine);

        assertThat(stage.state("op")).isEqualTo(OperationState.Cancelled);
        assertThat(done).containsExactly("a", "undo a");
    }

    @Test
    void aFlowCannotSwallowACancel() {
        Engine engine =
                run(
                        (flow, in) -> {
                            try {
                                flow.sleep("nap", HOUR);
                            } catch (RuntimeException e) {
                                return "swallowed";
                            }
                            return "slept";
                        });
        stage.operations.cancel("op");

        stage.settle(engine);

        assertThat(stage.state("op")).isEqualTo(OperationState.Cancelled);
    }

    @Test
    void anAbortableStepIsInterrupted() throws Exception {
        var begun = new CountDownLatch(1);
        Engine engine =
                stage.engine(
                        Flows.none()
                                .with(
                                        TYPE,
                                        (flow, in) -> {
                                            flow.step(
                                                    "long",
                                                    Stage.ONCE.asAbortable(),
                                                    _ -> {
                                                        begun.countDown();
                                                        Thread.sleep(60_000);
                                                    });
                                            return in;
                                        }));
        engine.start();
        stage.start("op", TYPE, "in");
        begun.await();

        stage.operations.cancel("op");

        Eventually.until(
                Duration.ofSeconds(5),
                "cancelled",
                () -> stage.state("op") == OperationState.Cancelled);
    }

    @Test
    void pastThePointOfNoReturnACancelIsRefusedAndNothingIsUndone() {
        Engine engine =
                run(
                        (flow, in) -> {
                            undoable(flow, "a");
                            flow.pointOfNoReturn("promoted");
                            flow.sleep("nap", HOUR);
                            flow.step(
                                    "doomed",
                                    Stage.ONCE,
                                    _ -> {
                                        throw new IllegalStateException("too late");
                                    });
                            return "done";
                        });

        assertThat(stage.operations.cancel("op")).isFalse();
        assertThat(stage.operation("op").cancellable()).isFalse();
        stage.settle(engine, HOUR);

        assertThat(stage.state("op")).isEqualTo(OperationState.Failed);
        assertThat(done).containsExactly("a");
    }

    @Test
    void aCancelThatCameFirstStopsThePointOfNoReturn() {
        run(
                (flow, in) -> {
                    undoable(flow, "a");
                    flow.step("slow", Stage.ONCE, _ -> stage.operations.cancel("op"));
                    flow.pointOfNoReturn("promoted");
                    note(flow, "never");
                    return "done";
                });

        assertThat(stage.state("op")).isEqualTo(OperationState.Cancelled);
        assertThat(done).containsExactly("a", "undo a");
    }

    @Test
    void aFailureBeforeThePointOfNoReturnUndoesAndKeepsItsCause() {
        run(
                (flow, in) -> {
                    undoable(flow, "a");
                    flow.step("doomed", Stage.ONCE, _ -> failIfBroken());
                    return "done";
                });

        assertThat(stage.state("op")).isEqualTo(OperationState.Failed);
        assertThat(stage.operation("op").error().orElseThrow()).contains("doomed", "broken");
        assertThat(done).containsExactly("a", "undo a");
    }

    @Test
    void anUndoThatIsExhaustedAsksAndIsTriedAgain() {
        Engine engine = runWithBrokenUndo();
        assertThat(stage.state("op")).isEqualTo(OperationState.NeedsDecision);
        assertThat(stage.operation("op").question().orElseThrow()).contains("retry", "abandon");

        broken.set(false);
        stage.operations.decide("op", Map.of("action", "retry"));
        stage.settle(engine);

        assertThat(stage.state("op")).isEqualTo(OperationState.Cancelled);
        assertThat(done).containsExactly("a", "undone b", "undo a");
    }

    @Test
    void anUndoThatIsExhaustedMayBeAbandoned() {
        Engine engine = runWithBrokenUndo();

        stage.operations.decide("op", Map.of("action", "abandon"));
        stage.settle(engine);

        assertThat(stage.state("op")).isEqualTo(OperationState.Cancelled);
        assertThat(done).containsExactly("a", "undo a");
    }

    private Engine runWithBrokenUndo() {
        Engine engine =
                run(
                        (flow, in) -> {
                            undoable(flow, "a");
                            flow.onUndo(
                                    "b",
                                    Stage.ONCE,
                                    _ -> {
                                        failIfBroken();
                                        done.add("undone b");
                                    });
                            flow.sleep("nap", HOUR);
                            return "done";
                        });
        stage.operations.cancel("op");
        stage.settle(engine);
        return engine;
    }

    @Test
    void cancellingAParentCancelsTheChildItAwaitsAndWaitsForItsUndo() {
        Engine engine =
                stage.engine(
                        Flows.none()
                                .with(
                                        CHILD,
                                        (flow, in) -> {
                                            undoable(flow, "child");
                                            flow.sleep("nap", HOUR);
                                            return in;
                                        })
                                .with(
                                        TYPE,
                                        (flow, in) -> {
                                            undoable(flow, "parent");
                                            return flow.child("kid", CHILD, "x");
                                        }));
        stage.start("op", TYPE, "in");
        stage.settle(engine);

        stage.operations.cancel("op");
        stage.settle(engine);

        assertThat(stage.state("op")).isEqualTo(OperationState.Cancelled);
        assertThat(done).containsExactly("parent", "child", "undo child", "undo parent");
        assertThat(stage.count("select count(*) from durable.operation where state = 'Cancelled'"))
                .isEqualTo(2);
    }

    @Test
    void whatIsOverCannotBeCancelledOrRetried() {
        run((flow, in) -> in);

        assertThat(stage.operations.cancel("op")).isFalse();
        assertThat(stage.operations.retry("op")).isFalse();
        assertThat(stage.operations.cancel("nobody")).isFalse();
    }

    @Test
    void aRetryTakesUpAtTheStepThatFailed() {
        Engine engine =
                run(
                        (flow, in) -> {
                            note(flow, "a");
                            flow.step("b", Stage.ONCE, _ -> failIfBroken());
                            note(flow, "c");
                            return "done";
                        });
        assertThat(stage.state("op")).isEqualTo(OperationState.Failed);

        broken.set(false);
        assertThat(stage.operations.retry("op")).isTrue();
        stage.settle(engine);

        assertThat(stage.result("op")).contains("\"done\"");
        assertThat(done).containsExactly("a", "c");
        assertThat(stage.operations.steps("op")).anyMatch(step -> step.state().equals("Failed"));
    }

    @Test
    void aRetryDoesNotTouchAFailureThatTheFlowHadCaught() {
        Engine engine =
                run(
                        (flow, in) -> {
                            try {
                                flow.step("handled", Stage.ONCE, _ -> failIfBroken());
                            } catch (StepFailed e) {
                                note(flow, "other way");
                            }
                            flow.step("b", Stage.ONCE, _ -> failIfBroken());
                            return "done";
                        });
        broken.set(false);

        stage.operations.retry("op");
        stage.settle(engine);

        assertThat(stage.result("op")).contains("\"done\"");
        assertThat(stage.history("op")).contains("handled Failed", "b Succeeded");
    }

    @Test
    void aRetryAfterUndoingStartsFromTheBeginning() {
        Engine engine =
                run(
                        (flow, in) -> {
                            undoable(flow, "a");
                            flow.step("b", Stage.ONCE, _ -> failIfBroken());
                            return "done";
                        });
        broken.set(false);

        stage.operations.retry("op");
        stage.settle(engine);

        assertThat(stage.result("op")).contains("\"done\"");
        assertThat(done).containsExactly("a", "undo a", "a");
    }

    @Test
    void aRetryReachesTheChildThatFailed() {
        Engine engine =
                stage.engine(
                        Flows.none()
                                .with(
                                        CHILD,
                                        (flow, in) -> {
                                            note(flow, "once");
                                            flow.step("b", Stage.ONCE, _ -> failIfBroken());
                                            return "grown";
                                        })
                                .with(TYPE, (flow, in) -> flow.child("kid", CHILD, "x")));
        stage.start("op", TYPE, "in");
        stage.settle(engine);
        assertThat(stage.state("op")).isEqualTo(OperationState.Failed);
        broken.set(false);

        stage.operations.retry("op");
        stage.settle(engine);

        assertThat(stage.result("op")).contains("\"grown\"");
        assertThat(done).containsExactly("once");
    }

    @Test
    void aRetryIsRefusedWhileAnotherHoldsTheLane() {
        Engine engine =
                stage.engine(
                        TYPE,
                        (flow, in) -> {
                            flow.step("b", Stage.ONCE, _ -> failIfBroken());
                            return in;
                        });
        stage.start(request("op"));
        stage.settle(engine);
        stage.start(request("next"));

        assertThatThrownBy(() -> stage.operations.retry("op"))
                .isInstanceOf(LaneTaken.class)
                .hasMessageContaining("next");
    }

    private static StartRequest<String> request(String id) {
        return new StartRequest<>(id, TYPE, "in", Optional.empty(), Optional.of("lane"));
    }

    /** What was undone stays undone: a release that mends the bug must not run on from there. */
    @Test
    void onceUndoingHasBegunNoStepRunsForwardEvenInANewRelease() {
        Engine before = runWithBrokenUndo();
        before.close();
        broken.set(false);
        Engine after =
                stage.engine(
                        TYPE,
                        (flow, in) -> {
                            undoable(flow, "a");
                            flow.onUndo("b", Stage.ONCE, _ -> done.add("undone b"));
                            note(flow, "new step");
                            return "done";
                        });

        stage.operations.decide("op", Map.of("action", "retry"));
        stage.settle(after);

        assertThat(stage.state("op")).isEqualTo(OperationState.Cancelled);
        assertThat(done).containsExactly("a", "undone b", "undo a");
    }
}
