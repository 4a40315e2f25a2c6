package dev.toygres.model.parameter;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a change would do, or is about to do.
 *
 * @param changes by name; empty when nothing would change
 * @param steps in the order in which they are done
 * @param warnings what to know beforehand
 * @param interruptionMs how long no write is expected to be possible; 0 for none
 */
public record ParameterPlan(
        List<Change> changes, List<Step> steps, List<String> warnings, long interruptionMs) {
    public ParameterPlan {
        changes = List.copyOf(changes);
        steps = List.copyOf(steps);
        warnings = List.copyOf(warnings);
    }

    /**
     * One parameter, as it changes on the primary.
     *
     * @param oldValue as it is set or defaults to now; empty when there is none
     * @param newValue likewise, afterwards
     * @param reset whether it goes back to its default
     * @param reason the formula of the profile that gives the new value, and its source
     */
    public record Change(
            String name,
            ParameterCategory category,
            Optional<String> oldValue,
            Optional<String> newValue,
            boolean reset,
            String effect,
            Optional<String> reason) {
        Change because(Optional<String> words) {
            return new Change(name, category, oldValue, newValue, reset, effect, words);
        }
    }

    /** What is done to a member. */
    public enum Action {
        /** A scratch server with all new values is started beside it, and goes again. */
        Trial,
        /** Reads its settings again. */
        Reload,
        /** Stops and starts. */
        Restart,
        /** Is written down, for its next restart. */
        Later
    }

    /**
     * One step.
     *
     * @param primary whether the member is the primary
     * @param phase 1 before the primary, 2 the primary, 3 afterwards
     */
    public record Step(
            String memberId, boolean primary, int phase, Action action, List<String> names) {
        public Step {
            names = List.copyOf(names);
        }
    }

    /** With the reason for each change that there is one for. */
    public ParameterPlan explained(Map<String, String> reasons) {
        return new ParameterPlan(
                changes.stream()
                        .map(one -> one.because(Optional.ofNullable(reasons.get(one.name()))))
                        .toList(),
                steps,
                warnings,
                interruptionMs);
    }

    public boolean isNothing() {
        return changes.isEmpty();
    }
}
