package dev.toygres.model;

import static dev.toygres.model.InstanceState.*;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which state follows which: the only place that says so. Whatever is not in the table does not
 * happen (P14).
 */
public final class InstanceTransitions {

    /** In this state, this event leads to that state. */
    public record Transition(InstanceState from, InstanceEvent event, InstanceState to) {}

    private static final Map<List<Object>, InstanceState> TABLE = new LinkedHashMap<>();

    static {
        add(Creating, InstanceEvent.created, Running);
        add(Creating, InstanceEvent.failed, Failed);
        add(Running, InstanceEvent.stopRequested, Stopping);
        add(Stopping, InstanceEvent.stopped, Stopped);
        add(Stopping, InstanceEvent.failed, Failed);
        add(Stopped, InstanceEvent.startRequested, Restarting);
        add(Running, InstanceEvent.restartRequested, Restarting);
        add(Restarting, InstanceEvent.started, Running);
        add(Restarting, InstanceEvent.failed, Failed);
        add(Running, InstanceEvent.failoverRequested, FailingOver);
        add(FailingOver, InstanceEvent.started, Running);
        add(FailingOver, InstanceEvent.failed, Failed);
        add(Running, InstanceEvent.restoreRequested, Restoring);
        add(Restoring, InstanceEvent.started, Running);
        add(Restoring, InstanceEvent.failed, Failed);
        add(Failed, InstanceEvent.startRequested, Restarting);
        add(Failed, InstanceEvent.restartRequested, Restarting);
        add(Failed, InstanceEvent.stopRequested, Stopping);
        // A step taken up again after a crash, or a retried operation, says what it said before.
        add(Running, InstanceEvent.started, Running);
        add(Stopped, InstanceEvent.stopped, Stopped);
        add(Failed, InstanceEvent.started, Running);
        add(Failed, InstanceEvent.stopped, Stopped);
        add(Failed, InstanceEvent.created, Running);
        add(Failed, InstanceEvent.failed, Failed);
        for (InstanceState state :
                List.of(
                        Creating,
                        Running,
                        Stopping,
                        Stopped,
                        Restarting,
                        FailingOver,
                        Restoring,
                        Failed,
                        Deleting)) {
            add(state, InstanceEvent.deleteRequested, Deleting);
        }
    }

    private InstanceTransitions() {}

    /** Where the event leads; empty when it does not fit the state. */
    public static Optional<InstanceState> next(InstanceState from, InstanceEvent event) {
        return Optional.ofNullable(TABLE.get(List.of(from, event)));
    }

    /** The states in which the event fits, for an error message. */
    public static List<InstanceState> allowing(InstanceEvent event) {
        return Arrays.stream(InstanceState.values())
                .filter(state -> next(state, event).isPresent())
                .toList();
    }

    /** The whole table, in the order in which it is written. */
    public static List<Transition> all() {
        return TABLE.entrySet().stream()
                .map(
                        entry ->
                                new Transition(
                                        (InstanceState) entry.getKey().get(0),
                                        (InstanceEvent) entry.getKey().get(1),
                                        entry.getValue()))
                .toList();
    }

    /** The table as a Mermaid state diagram. */
    public static String diagram() {
        return all().stream()
                .filter(line -> line.from() != line.to())
                .map(
                        line ->
                                "    "
                                        + line.from()
                                        + " --> "
                                        + line.to()
                                        + ": "
                                        + line.event()
                                        + "\n")
                .collect(Collectors.joining("", "stateDiagram-v2\n    [*] --> Creating\n", ""));
    }

    private static void add(InstanceState from, InstanceEvent event, InstanceState to) {
        TABLE.put(List.of(from, event), to);
    }
}
