package dev.toygres.orchestrations.parameter;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A wish for parameters, as it came in: nothing of it is checked yet.
 *
 * @param values by name; an empty value resets
 * @param profile to be applied before these
 * @param drift Adopt or Revert: what becomes of what ALTER SYSTEM set
 * @param mode Immediate, Scheduled or OnNextRestart; default: Immediate
 * @param at of a Scheduled one
 * @param who asks
 */
public record NewParameters(
        Map<String, Optional<String>> values,
        Optional<NewProfile> profile,
        Optional<String> drift,
        Optional<String> mode,
        Optional<Instant> at,
        String who,
        Optional<String> reason) {
    public NewParameters {
        values = Map.copyOf(values);
    }

    /**
     * A profile by name.
     *
     * @param followSize whether its values follow the member's size when that changes
     */
    public record NewProfile(String kind, boolean followSize) {}

    /** These values, now. */
    public static NewParameters of(Map<String, Optional<String>> values, String who) {
        return new NewParameters(
                values,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                who,
                Optional.empty());
    }
}
