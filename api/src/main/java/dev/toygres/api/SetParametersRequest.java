package dev.toygres.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * PATCH /instances/{id}/parameters: what is not named stays.
 *
 * @param parameters name and value, in any unit that Postgres accepts: "4GB", "1.5 h", 200, true
 * @param reset names that go back to their default
 * @param applyMode when; default: Immediate
 * @param drift Adopt or Revert: what becomes of what somebody set with ALTER SYSTEM; default: it
 *     stays, except for the parameters that are named here
 * @param reason for the history
 */
public record SetParametersRequest(
        Optional<Map<String, Object>> parameters,
        Optional<List<String>> reset,
        Optional<ApplyMode> applyMode,
        Optional<String> drift,
        Optional<String> reason) {

    /** These values, now. */
    public static SetParametersRequest of(Map<String, Object> parameters) {
        return new SetParametersRequest(
                Optional.of(parameters),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
