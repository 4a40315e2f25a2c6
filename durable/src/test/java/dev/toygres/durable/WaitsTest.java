package dev.toygres.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WaitsTest {
    private static final Stage stage = new Stage("waits");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final FlowType<String, String> TYPE =
            new FlowType<>("flow", String.class, String.class);
    private static final FlowType<String, String> CHILD =
            new FlowType<>("child", String.class, String.class);

    private final AtomicInteger calls = new AtomicInteger();

    record Question(String text) {}

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

    private static String await(Context flow, String name, Duration timeout) {
        return flow.awaitEvent(name, "go", String.class, timeout).orElse("timeout");
    }

    @Test
    void aSleeperHoldsNothingAndIsWokenInTime() {
        Engine engine =
                run(
                        (flow, in) -> {
                            flow.sleep("nap", HOUR);
                            return "awake";
                        });

        assertThat(stage.state("op")).isEqualTo(OperationState.Waiting);
        assertThat(engine.running()).isZero();
        stage.settle(engine, Duration.ofMinutes(59));
        assertThat(stage.state("op")).isEqualTo(OperationState.Waiting);
        stage.settle(engine, Duration.ofMinutes(1));
        assertThat(stage.result("op")).contains("\"awake\"");
    }

    @Test
    void anEventWakesTheOneThatWaitsForIt() {
        Engine engine = run((flow, in) -> await(flow, "wait", HOUR));

        stage.operations.signal("op", "go", "now");
        stage.settle(engine);

        assertThat(stage.result("op")).contains("\"now\"");
    }

    @Test
    void anEventThatCameBeforeTheWaitIsNotLost() {
        Engine engine = stage.engine(TYPE, (flow, in) -> await(flow, "wait", HOUR));
        stage.start("op", TYPE, "in");

        stage.operations.signal("op", "go", "early");
        stage.settle(engine);

        assertThat(stage.result("op")).contains("\"early\"");
    }

    @Test
    void anEventOfAnotherKindDoesNotEndTheWait() {
        Engine engine = run((flow, in) -> await(flow, "wait", HOUR));

        stage.operations.signal("op", "stop", "now");
        stage.settle(engine);

        assertThat(stage.state("op")).isEqualTo(OperationState.Waiting);
    }

    @Test
    void theTimeoutIsDecidedOnceAndALateEventStaysForTheNextWait() {
        Engine engine =
                run(
                        (flow, in) -> {
                            String first = await(flow, "first", HOUR);
                            flow.sleep("between", HOUR);
                            return first + " " + await(flow, "second", HOUR);
                        });

        stage.settle(engine, HOUR);
        stage.operations.signal("op", "go", "late");
        stage.settle(engine, HOUR);

        assertThat(stage.result("op")).contains("\"timeout late\"");
    }

    @Test
    void eventsAreTakenInTheirOrder() {
        Engine engine =
                stage.engine(TYPE, (flow, in) -> await(flow, "1", HOUR) + await(flow, "2", HOUR));
        stage.start("op", TYPE, "in");
        stage.operations.signal("op", "go", "a");
        stage.operations.signal("op", "go", "b");

        stage.settle(engine);

        assertThat(stage.result("op")).contains("\"ab\"");
    }

    /** The narrow place: the event is sent after the last look and before the run has parked. */
    @Test
    void anEventThatArrivesWhileTheRunParksIsNotLost() {
        var probe =
                new JournalProbe() {
                    @Override
                    public void before(String operationId, String write) {
                        if (write.equals("park") && calls.incrementAndGet() == 1) {
                            stage.operations.signal("op", "go", "just now");
                        }
                    }
                };
        Flow<String, String> waiting = (flow, in) -> await(flow, "wait", HOUR);
        Engine engine =
                stage.keep(stage.builder(Flows.none().with(TYPE, waiting)).probe(probe).build());
        stage.start("op", TYPE, "in");

        stage.settle(engine);

        assertThat(stage.result("op")).contains("\"just now\"");
    }

    @Test
    void anEventForNobodyIsRefused() {
        assertThatThrownBy(() -> stage.operations.signal("nobody", "go", "x"))
                .hasMessageContaining("nobody");
    }

    @Test
    void aDecisionIsAskedForAndAnswered() {
        Engine engine =
                run((flow, in) -> flow.decision("sure", new Question("sure?"), String.class));
        assertThat(stage.state("op")).isEqualTo(OperationState.NeedsDecision);
        assertThat(stage.operation("op").question()).contains("{\"text\": \"sure?\"}");

        assertThat(stage.operations.decide("op", "yes")).isTrue();
        assertThat(stage.state("op"))
                .as("whoever watches is not told that it still needs one")
                .isEqualTo(OperationState.Waiting);
        assertThat(stage.operations.decide("op", "no")).isFalse();
        stage.settle(engine);

        assertThat(stage.result("op")).contains("\"yes\"");
        assertThat(stage.operation("op").question()).isEmpty();
    }

    @Test
    void nothingIsDecidedWhereNothingWasAsked() {
        run((flow, in) -> await(flow, "wait", HOUR));

        assertThat(stage.operations.decide("op", "yes")).isFalse();
    }

    @Test
    void branchesRunSideBySideAndAnswerInTheirOrder() {
        var together = new CountDownLatch(3);
        run(
                (flow, in) -> {
                    var branches =
                            IntStream.range(0, 3).mapToObj(i -> branch("b" + i, together)).toList();
                    return String.join(" ", flow.parallel("all", branches));
                });

        assertThat(stage.result("op")).contains("\"b0 b1 b2\"");
        assertThat(stage.history("op")).contains("all/b0/work Succeeded", "all/b2/work Succeeded");
    }

    private static Branch<String> branch(String name, CountDownLatch together) {
        return new Branch<>(
                name,
                flow ->
                        flow.step(
                                "work",
                                Stage.ONCE,
                                String.class,
                                _ -> {
                                    together.countDown();
                                    assertThat(together.await(5, TimeUnit.SECONDS)).isTrue();
                                    return name;
                                }));
    }

    @Test
    void branchesThatWaitParkTogetherAndEachIsWokenByItsOwn() {
        Engine engine =
                run(
                        (flow, in) ->
                                String.join(
                                        " ",
                                        flow.parallel(
                                                "all",
                                                List.of(
                                                        new Branch<>(
                                                                "event",
                                                                f -> await(f, "wait", HOUR)),
                                                        new Branch<>(
                                                                "timer",
                                                                f -> {
                                                                    f.sleep("nap", HOUR);
                                                                    return "slept";
                                                                })))));

        stage.operations.signal("op", "go", "rang");
        stage.settle(engine);
        assertThat(stage.state("op")).isEqualTo(OperationState.Waiting);
        stage.settle(engine, HOUR);

        assertThat(stage.result("op")).contains("\"rang slept\"");
    }

    @Test
    void aFailedBranchFailsTheWholeOnceTheOthersAreDone() {
        run(
                (flow, in) ->
                        String.join(
                                " ",
                                flow.parallel(
                                        "all",
                                        List.of(
                                                new Branch<String>(
                                                        "bad",
                                                        _ -> {
                                                            throw new IllegalStateException("x");
                                                        }),
                                                new Branch<>(
                                                        "good",
                                                        f ->
                                                                f.step(
                                                                        "s",
                                                                        Stage.ONCE,
                                                                        String.class,
                                                                        _ -> "ok"))))));

        assertThat(stage.state("op")).isEqualTo(OperationState.Failed);
        assertThat(stage.history("op")).contains("all/good/s Succeeded");
    }

    @Test
    void aChildsResultComesBackToItsParent() {
        Engine engine =
                stage.engine(
                        Flows.none()
                                .with(CHILD, (flow, in) -> in + " grown")
                                .with(TYPE, (flow, in) -> flow.child("kid", CHILD, "little")));
        stage.start("op", TYPE, "in");

        stage.settle(engine);

        assertThat(stage.result("op")).contains("\"little grown\"");
        assertThat(stage.count("select count(*) from durable.operation where parent_id = 'op'"))
                .isEqualTo(1);
    }

    @Test
    void aFailedChildFailsTheStepThatAwaitsIt() {
        Engine engine =
                stage.engine(
                        Flows.none()
                                .with(
                                        CHILD,
                                        (flow, in) -> {
                                            throw new IllegalStateException("lost its toy");
                                        })
                                .with(TYPE, (flow, in) -> flow.child("kid", CHILD, "little")));
        stage.start("op", TYPE, "in");

        stage.settle(engine);

        assertThat(stage.operation("op").error().orElseThrow()).contains("kid", "lost its toy");
    }

    @Test
    void aDetachedChildOutlivesItsParent() {
        Engine engine =
                stage.engine(
                        Flows.none()
                                .with(CHILD, (flow, in) -> await(flow, "wait", HOUR))
                                .with(
                                        TYPE,
                                        (flow, in) -> flow.startDetached("kid", CHILD, "little")));
        stage.start("op", TYPE, "in");

        stage.settle(engine);

        String child = stage.result("op").orElseThrow().replace("\"", "");
        assertThat(stage.state("op")).isEqualTo(OperationState.Succeeded);
        assertThat(stage.state(child)).isEqualTo(OperationState.Waiting);
        stage.operations.signal(child, "go", "x");
        stage.settle(engine);
        assertThat(stage.state(child)).isEqualTo(OperationState.Succeeded);
    }

    @Test
    void continueAsNewStartsAFreshHistoryAndKeepsWhatWasNotTaken() {
        Engine engine =
                stage.engine(
                        TYPE,
                        (flow, in) -> {
                            flow.step("count", Stage.ONCE, _ -> calls.incrementAndGet());
                            if (in.length() < 3) {
                                throw flow.continueAsNew(in + "x");
                            }
                            return in + await(flow, "wait", HOUR);
                        });
        stage.start("op", TYPE, "");
        stage.operations.signal("op", "go", "!");

        stage.settle(engine);

        assertThat(stage.result("op")).contains("\"xxx!\"");
        assertThat(calls).hasValue(4);
    }

    @Test
    void continueAsNewKeepsOnlyAFewOldHistories() {
        Engine engine =
                stage.engine(
                        TYPE,
                        (flow, in) -> {
                            flow.step("count", Stage.ONCE, _ -> calls.incrementAndGet());
                            if (in.length() < 10) {
                                throw flow.continueAsNew(in + "x");
                            }
                            return in;
                        });
        stage.start("op", TYPE, "");

        stage.settle(engine);

        assertThat(stage.operations.steps("op")).hasSize(3);
    }

    @Test
    void aFlowCannotSwallowItsOwnWait() {
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

        stage.settle(engine, HOUR);

        assertThat(stage.result("op")).contains("\"slept\"");
    }

    @Test
    void theLaneHasRoomForOneUnfinishedOperation() {
        Engine engine = stage.engine(TYPE, (flow, in) -> await(flow, "wait", HOUR));
        stage.start(request("first"));

        assertThatThrownBy(() -> stage.start(request("second")))
                .isInstanceOf(LaneTaken.class)
                .hasMessageContaining("first");
        assertThat(stage.operations.holder("lane")).contains("first");

        stage.operations.signal("first", "go", "x");
        stage.settle(engine);
        stage.start(request("second"));
        assertThat(stage.operations.holder("lane")).contains("second");
    }

    private static StartRequest<String> request(String id) {
        return new StartRequest<>(id, TYPE, "in", Optional.of("about"), Optional.of("lane"));
    }

    @Test
    void aSecondStartWithTheSameIdIsTheSameWish() {
        stage.start(request("first"));
        stage.start(request("first"));

        assertThat(stage.count("select count(*) from durable.operation")).isEqualTo(1);
        assertThatThrownBy(() -> stage.start("first", CHILD, "in"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anUnknownTypeIsLeftAloneAndStopsNobody() {
        stage.start("strange", CHILD, "in");

        run((flow, in) -> "done");

        assertThat(stage.state("op")).isEqualTo(OperationState.Succeeded);
        assertThat(stage.state("strange")).isEqualTo(OperationState.Pending);
    }

    @Test
    void whatIsOverIsForgottenAfterItsTime() {
        Engine engine = run((flow, in) -> "done");
        stage.settle(engine, Duration.ofDays(29));
        assertThat(stage.operations.find("op")).isPresent();

        stage.settle(engine, Duration.ofDays(2));

        assertThat(stage.operations.find("op")).isEmpty();
        assertThat(stage.count("select count(*) from durable.step")).isZero();
    }

    @Test
    void whatIsNotOverIsNeverForgotten() {
        Engine engine = run((flow, in) -> await(flow, "wait", Duration.ofDays(1000)));

        stage.settle(engine, Duration.ofDays(400));

        assertThat(stage.state("op")).isEqualTo(OperationState.Waiting);
    }

    @Test
    void theListIsNewestFirstAndPaged() {
        for (String id : List.of("a", "b", "c")) {
            stage.clock.advance(Duration.ofSeconds(1));
            stage.start(new StartRequest<>(id, TYPE, "in", Optional.of("me"), Optional.empty()));
        }

        assertThat(ids(2, Optional.empty())).containsExactly("c", "b");
        assertThat(ids(2, Optional.of("b"))).containsExactly("a");
    }

    private static List<String> ids(int limit, Optional<String> before) {
        return stage
                .operations
                .list(Optional.of("me"), Optional.of("flow"), Optional.empty(), limit, before)
                .stream()
                .map(Operation::id)
                .toList();
    }

    @Test
    void aReleaseMayAddDropReorderAndRenameStepsWhileWorkIsInFlight() {
        Engine before =
                run(
                        (flow, in) -> {
                            count(flow, "one", StepOptions.DEFAULT);
                            count(flow, "two", StepOptions.DEFAULT);
                            count(flow, "old", StepOptions.DEFAULT);
                            flow.sleep("nap", HOUR);
                            return "old release";
                        });
        before.close();

        Engine after =
                stage.engine(
                        TYPE,
                        (flow, in) -> {
                            count(flow, "added", StepOptions.DEFAULT);
                            count(flow, "new", StepOptions.DEFAULT.renamedFrom("old"));
                            count(flow, "one", StepOptions.DEFAULT);
                            flow.sleep("nap", HOUR);
                            return "new release";
                        });
        stage.settle(after, HOUR);

        assertThat(stage.result("op")).contains("\"new release\"");
        assertThat(calls).hasValue(4);
    }

    private void count(Context flow, String name, StepOptions options) {
        flow.step(name, options, _ -> calls.incrementAndGet());
    }

    @Test
    void aDecisionMayComeAsAMap() {
        Engine engine =
                run((flow, in) -> flow.decision("sure", new Question("?"), Question.class).text());

        stage.operations.decide("op", Map.of("text", "from afar"));
        stage.settle(engine);

        assertThat(stage.result("op")).contains("\"from afar\"");
    }
}
