package dev.toygres.durable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * How a run takes back what it did. The decision to do so is journalled first: from then on no step
 * runs forward, whatever a later release of the flow would do.
 */
final class Undoing {
    private final Run run;
    private final List<Action> actions = new CopyOnWriteArrayList<>();

    Undoing(Run run) {
        this.run = run;
    }

    /** One registered action. */
    private record Action(String path, Way way) {}

    /** Takes back what was done, journalled under the path. */
    @FunctionalInterface
    interface Way {
        void back(String path, RunContext backward);
    }

    /** What is asked when an undo action used up its attempts. */
    record Question(String undo, String error, List<String> actions) {}

    /** What to do about it: {@code retry} or {@code abandon}. */
    record Decision(String action) {}

    void register(String path, Way way) {
        actions.add(new Action(path, way));
    }

    void forget() {
        actions.clear();
    }

    boolean isEmpty() {
        return actions.isEmpty();
    }

    boolean isDecided() {
        return reason().isPresent();
    }

    Optional<StepRow> reason() {
        return run.journal().find(StepRow.UNWIND);
    }

    /** Journals why, unless that was done before. */
    void decide(Throwable error, boolean cancelled) {
        run.unsay();
        if (!isDecided()) {
            var now = run.ground().now();
            String fault = run.ground().json().write("error", Fault.of(error));
            run.journal()
                    .record(
                            StepRow.running(StepRow.UNWIND, "Unwind", 1, now)
                                    .ended(
                                            cancelled ? StepRow.CANCELLED : StepRow.FAILED,
                                            now,
                                            fault));
        }
    }

    /** Last registered first. */
    void undoAll(RunContext context) {
        for (Action action : new ArrayList<>(actions).reversed()) {
            undo(action, context);
        }
    }

    private void undo(Action action, RunContext context) {
        for (int round = 1; ; round++) {
            String path = "~undo/" + action.path() + (round == 1 ? "" : "#" + round);
            try {
                action.way().back(path, context);
                return;
            } catch (CatalogueFault fault) {
                throw fault;
            } catch (RuntimeException failure) {
                if (isAbandoned(path, failure, context)) {
                    return;
                }
            }
        }
    }

    private static boolean isAbandoned(String path, RuntimeException failure, RunContext context) {
        String message =
                failure instanceof StepFailed
                        ? String.valueOf(failure.getMessage())
                        : Fault.describe(failure);
        var question = new Question(path, message, List.of("retry", "abandon"));
        Decision decision = context.ask(path + "?", question, Decision.class);
        return decision.action().equals("abandon");
    }
}
