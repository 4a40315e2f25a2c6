package dev.toygres.api;

import java.util.List;
import java.util.Optional;

/**
 * What a change of parameters would do, without doing it.
 *
 * @param changes by name; empty when nothing would change
 * @param steps what is done to whom, in order
 * @param warnings what to know beforehand
 * @param expectedInterruptionMs for how long no write would be possible; 0 for none
 */
public record ParameterPlan(
        String instanceId,
        List<Change> changes,
        List<Step> steps,
        List<String> warnings,
        long expectedInterruptionMs) {

    /**
     * One parameter, as it changes on the primary.
     *
     * @param category Dynamic, Reload or Restart
     * @param effect when it is in force, in words
     * @param reason of a value that follows from a profile: the formula, and its source
     */
    public record Change(
            String name,
            String category,
            Optional<String> oldValue,
            Optional<String> newValue,
            boolean reset,
            String effect,
            Optional<String> reason) {}

    /**
     * One step.
     *
     * @param role primary or replica
     * @param action Trial, Reload, Restart or Later
     * @param parameters whose values change there with it
     */
    public record Step(String memberId, String role, String action, List<String> parameters) {}
}
