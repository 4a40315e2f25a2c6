package dev.toygres.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.testkit.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StepsTest {
    private static final Stage stage = new Stage("steps");
    private static final StepOptions QUICK =
            StepOptions.DEFAULT.backoff(Duration.ofMillis(1), Duration.ofMillis(1));
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final AtomicInteger calls = new AtomicInteger();
    private final String id = "steps-" + NUMBER.incrementAndGet();

    record Count(int value) {}

    record Secret(String value) {}

    record Account(String name, Secret password) {}

    record Text(String value) {}

    @AfterAll
    static void end() {
        stage.close();
    }

    @AfterEach
    void leaveNothingUnfinished() {
        stage.clear();
    }

    private Engine run(BiFunction<Context, Count, Count> flow) {
        var type = new FlowType<>("flow", Count.class, Count.class);
        Engine engine = stage.engine(type, flow::apply);
        stage.start(id, type, new Count(1));
        stage.settle(engine);
        return engine;
    }

    private Operation operation() {
        return stage.operation(id);
    }

    @Test
    void aStepsResultIsTheFlowsToUse() {
        run((flow, in) -> flow.step("a", QUICK, Count.class, _ -> new Count(in.value() + 1)));

        assertThat(operation().state()).isEqualTo(OperationState.Succeeded);
        assertThat(operation().result()).contains("{\"value\": 2}");
    }

    @Test
    void aStepThatSucceededIsNotRunAgain() {
        Engine engine =
                run(
                        (flow, in) -> {
                            flow.step("a", QUICK, _ -> calls.incrementAndGet());
                            flow.sleep("nap", Duration.ofHours(1));
                            return in;
                        });

        stage.settle(engine, Duration.ofHours(2));

        assertThat(operation().state()).isEqualTo(OperationState.Succeeded);
        assertThat(calls).hasValue(1);
    }

    @Test
    void aFailingStepIsTriedAgainUntilItSucceeds() {
        Engine engine =
                run(
                        (flow, in) ->
                                flow.step(
                                        "a",
                                        QUICK,
                                        Count.class,
                                        attempt -> {
                                            if (attempt.number() < 3) {
                                                throw new IllegalStateException("not yet");
                                            }
                                            return new Count(attempt.number());
                                        }));
        stage.settle(engine, Duration.ofSeconds(1));
        stage.settle(engine, Duration.ofSeconds(1));

        assertThat(operation().result()).contains("{\"value\": 3}");
        StepRecord step = stage.operations.steps(id).getFirst();
        assertThat(step.attempt()).isEqualTo(3);
        assertThat(step.error()).contains("IllegalStateException: not yet");
    }

    @Test
    void aStepThatUsedUpItsAttemptsFailsTheOperationWithItsCause() {
        run(
                (flow, in) ->
                        flow.step(
                                "doomed",
                                Stage.ONCE,
                                Count.class,
                                _ -> {
                                    throw new IllegalStateException("no disk");
                                }));

        assertThat(operation().state()).isEqualTo(OperationState.Failed);
        assertThat(operation().error().orElseThrow()).contains("no disk", "doomed");
    }

    @Test
    void aPermanentFailureIsNotTriedAgain() {
        run(
                (flow, in) ->
                        flow.step(
                                "a",
                                QUICK,
                                Count.class,
                                _ -> {
                                    calls.incrementAndGet();
                                    throw new PermanentFailure("wrong name");
                                }));

        assertThat(operation().state()).isEqualTo(OperationState.Failed);
        assertThat(calls).hasValue(1);
    }

    @Test
    void anErrorThatThePolicyDoesNotNameIsNotTriedAgain() {
        StepOptions options = QUICK.retryOn(IllegalStateException.class::isInstance);

        run(
                (flow, in) ->
                        flow.step(
                                "a",
                                options,
                                Count.class,
                                _ -> {
                                    calls.incrementAndGet();
                                    throw new IllegalArgumentException("odd");
                                }));

        assertThat(calls).hasValue(1);
    }

    @Test
    void aFlowMayCatchAFailedStepAndGoAnotherWay() {
        run(
                (flow, in) -> {
                    try {
                        return flow.step(
                                "first",
                                Stage.ONCE,
                                Count.class,
                                _ -> {
                                    throw new IllegalStateException("no");
                                });
                    } catch (StepFailed e) {
                        return flow.step("second", QUICK, Count.class, _ -> new Count(7));
                    }
                });

        assertThat(operation().result()).contains("{\"value\": 7}");
    }

    @Test
    void anAttemptThatTakesTooLongIsInterruptedAndCountsAsFailed() {
        StepOptions options = QUICK.attemptTimeout(Duration.ofMillis(50));
        Engine engine =
                run(
                        (flow, in) ->
                                flow.step(
                                        "slow",
                                        options,
                                        Count.class,
                                        attempt -> {
                                            if (attempt.number() == 1) {
                                                Thread.sleep(60_000);
                                            }
                                            return new Count(attempt.number());
                                        }));
        stage.settle(engine, Duration.ofSeconds(1));

        assertThat(operation().result()).contains("{\"value\": 2}");
    }

    @Test
    void theJobKeyIsTheSameForEveryAttempt() {
        var keys = new java.util.concurrent.CopyOnWriteArraySet<String>();
        Engine engine =
                run(
                        (flow, in) ->
                                flow.step(
                                        "job",
                                        QUICK,
                                        Count.class,
                                        attempt -> {
                                            keys.add(attempt.jobKey());
                                            if (attempt.number() == 1) {
                                                throw new IllegalStateException("again");
                                            }
                                            return in;
                                        }));
        stage.settle(engine, Duration.ofSeconds(1));

        assertThat(keys).hasSize(1);
    }

    @Test
    void aNameThatIsUsedTwiceIsAnErrorThatNamesIt() {
        run(
                (flow, in) -> {
                    flow.step("same", QUICK, _ -> calls.incrementAndGet());
                    flow.step("same", QUICK, _ -> calls.incrementAndGet());
                    return in;
                });

        assertThat(operation().state()).isEqualTo(OperationState.Failed);
        assertThat(operation().error().orElseThrow()).contains("same", "twice");
        assertThat(calls).hasValue(1);
    }

    @Test
    void aBugInTheFlowFailsTheOperationWithItsCause() {
        run(
                (flow, in) -> {
                    throw new ArithmeticException("by zero");
                });

        assertThat(operation().state()).isEqualTo(OperationState.Failed);
        assertThat(operation().error().orElseThrow()).contains("ArithmeticException", "by zero");
    }

    @Test
    void theTimeIsTheSameOnEveryResume() {
        Engine engine =
                run(
                        (flow, in) -> {
                            long before = flow.now("then").getEpochSecond();
                            flow.sleep("nap", Duration.ofHours(1));
                            return new Count((int) (before % 1_000_000));
                        });
        String expected = "" + stage.clock.instant().getEpochSecond() % 1_000_000;
        stage.settle(engine, Duration.ofHours(2));

        assertThat(operation().result().orElseThrow()).contains(expected);
    }

    @Test
    void aSecretIsNeverJournalled() {
        run(
                (flow, in) -> {
                    flow.step(
                            "login",
                            QUICK,
                            Account.class,
                            _ -> new Account("me", new Secret("hidden")));
                    return in;
                });

        assertThat(operation().state()).isEqualTo(OperationState.Failed);
        assertThat(operation().error().orElseThrow()).contains("Secret").doesNotContain("hidden");
    }

    @Test
    void aResultAboveTheLimitIsRefused() {
        run(
                (flow, in) -> {
                    flow.step("big", QUICK, Text.class, _ -> new Text("x".repeat(70_000)));
                    return in;
                });

        assertThat(operation().error().orElseThrow()).contains("70012 bytes", "65536");
    }

    @Test
    void listsOfRecordsMayBeJournalledButArbitraryObjectsMayNot() {
        run(
                (flow, in) -> {
                    flow.step("list", QUICK, List.class, _ -> List.of(new Count(1)));
                    flow.step("thread", QUICK, Thread.class, _ -> Thread.currentThread());
                    return in;
                });

        assertThat(stage.history(id)).containsExactly("list Succeeded", "thread Failed");
    }

    @Test
    void aLongStepShowsItselfAndHowFarItIs() throws Exception {
        var seen = new java.util.concurrent.CopyOnWriteArrayList<StepRecord>();
        run(
                (flow, in) -> {
                    flow.step(
                            "copy",
                            QUICK,
                            attempt -> {
                                attempt.progress(0.5, "half");
                                Eventually.until(
                                        Duration.ofSeconds(5),
                                        "progress is shown",
                                        () ->
                                                stage.operations.steps(id).stream()
                                                        .anyMatch(s -> s.progress().isPresent()));
                                seen.addAll(stage.operations.steps(id));
                            });
                    return in;
                });

        assertThat(seen.getFirst().state()).isEqualTo("Running");
        assertThat(seen.getFirst().progress()).contains(0.5);
        assertThat(seen.getFirst().words()).contains("half");
    }

    @Test
    void progressOfTheFlowIsSeenFromOutside() {
        run(
                (flow, in) -> {
                    flow.progress(0.25, "a quarter");
                    flow.sleep("nap", Duration.ofHours(1));
                    return in;
                });

        assertThat(operation().progress()).isEqualTo(0.25);
        assertThat(operation().words()).isEqualTo(Optional.of("a quarter"));
        assertThat(operation().currentStep()).isEqualTo(Optional.of("nap"));
    }

    /** "promote-replica - writing out what is dirty" was about another step. */
    @Test
    void wordsGoWithTheStepThatTheyWereSaidOf() {
        run(
                (flow, in) -> {
                    flow.progress(0.25, "writing out what is dirty");
                    flow.transact("note", _ -> {});
                    flow.step("checkpoint", QUICK, _ -> {});
                    flow.sleep("promote", Duration.ofHours(1));
                    return in;
                });

        assertThat(operation().progress()).isEqualTo(0.25);
        assertThat(operation().words()).isEmpty();
        assertThat(operation().currentStep()).isEqualTo(Optional.of("promote"));
    }

    @Test
    void wordsThatWereShownGoWithTheirStep() {
        Engine engine =
                run(
                        (flow, in) -> {
                            flow.progress(0.25, "resting");
                            flow.sleep("rest", Duration.ofHours(1));
                            flow.sleep("work", Duration.ofHours(1));
                            return in;
                        });
        assertThat(operation().words()).isEqualTo(Optional.of("resting"));

        stage.clock.advance(Duration.ofHours(1));
        stage.settle(engine);

        assertThat(operation().words()).isEmpty();
        assertThat(operation().currentStep()).isEqualTo(Optional.of("work"));
    }

    @Test
    void wordsOfTheWayForwardAreNotThoseOfTheWayBack() {
        run(
                (flow, in) -> {
                    flow.onUndo("back", undo -> undo.sleep("rest", Duration.ofHours(1)));
                    flow.progress(0.25, "restoring");
                    flow.transact(
                            "broken",
                            _ -> {
                                throw new PermanentFailure("broken");
                            });
                    return in;
                });

        assertThat(operation().currentStep().orElseThrow()).startsWith("~undo");
        assertThat(operation().words()).isEmpty();
    }

    @Test
    void anOverdueStepIsToldOnce() {
        StepOptions patient =
                QUICK.attempts(StepOptions.FOREVER)
                        .backoff(Duration.ofMinutes(1), Duration.ofMinutes(1))
                        .deadline(Duration.ofMinutes(5));
        Engine engine =
                run(
                        (flow, in) ->
                                flow.step(
                                        "stuck",
                                        patient,
                                        Count.class,
                                        _ -> {
                                            throw new IllegalStateException("still");
                                        }));
        stage.settle(engine, Duration.ofMinutes(2));
        assertThat(stage.overdue).isEmpty();

        stage.settle(engine, Duration.ofMinutes(4));
        stage.settle(engine, Duration.ofMinutes(4));

        assertThat(stage.overdue)
                .extracting(EngineListener.OverdueStep::path)
                .containsExactly("stuck");
    }

    @Test
    void whatTheListenerDidNotTakeIsToldAgain() {
        var told = new AtomicInteger();
        StepOptions patient =
                QUICK.backoff(Duration.ofHours(1), Duration.ofHours(1))
                        .deadline(Duration.ofMinutes(5));
        EngineListener listener =
                new EngineListener() {
                    @Override
                    public void stepOverdue(OverdueStep step) {
                        if (told.incrementAndGet() == 1) {
                            throw new IllegalStateException("the pager is away");
                        }
                    }
                };
        var type = new FlowType<>("flow", Count.class, Count.class);
        Engine engine =
                stage.keep(
                        stage.builder(Flows.none().with(type, (flow, in) -> stuck(flow, patient)))
                                .listener(listener)
                                .build());
        stage.start(id, type, new Count(1));
        stage.settle(engine);
        stage.clock.advance(Duration.ofMinutes(6));

        engine.tick();
        engine.tick();
        engine.tick();

        assertThat(told).hasValue(2);
    }

    private static Count stuck(Context flow, StepOptions options) {
        return flow.step(
                "stuck",
                options,
                Count.class,
                _ -> {
                    throw new IllegalStateException("still");
                });
    }

    @Test
    void whatSucceededIsAllDoneAndAtNoStep() {
        Engine engine =
                run(
                        (flow, in) -> {
                            flow.progress(0.25, "a quarter");
                            flow.sleep("nap", Duration.ofHours(1));
                            flow.progress(0.5, "half");
                            return in;
                        });

        stage.settle(engine, Duration.ofHours(2));

        assertThat(operation().progress()).isEqualTo(1.0);
        assertThat(operation().words()).isEmpty();
        assertThat(operation().currentStep()).isEmpty();
    }
}
