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
    private record Action(String path, StepOptions options, StepAction body) {}

    /** What is asked when an undo action used up its attempts. */
    record Question(String undo, String error, List<String> actions) {}

    /** What to do about it: {@code retry} or {@code abandon}. */
    record Decision(String action) {}

    void register(String path, StepOptions options, StepAction body) {
        actions.add(new Action(path, options, body));
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
                context.undoStep(path, action.options(), action.body());
                return;
            } catch (StepFailed failure) {
                if (isAbandoned(path, failure, context)) {
                    return;
                }
            }
        }
    }

    private static boolean isAbandoned(String path, StepFailed failure, RunContext context) {
        String message = failure.getMessage() == null ? "" : failure.getMessage();
        var question = new Question(path, message, List.of("retry", "abandon"));
        Decision decision = context.ask(path + "?", question, Decision.class);
        return decision.action().equals("abandon");
    }
}
