package dev.toygres.api;

import java.util.Map;
import java.util.Optional;

/**
 * POST /instances/{id}/parameter-profile.
 *
 * @param profile which; it starts over for the parameters that it has formulas for
 * @param overrideParams name and value that win over the profile
 * @param applyMode when; default: Immediate
 * @param reason for the history
 */
public record ApplyProfileRequest(
        ParameterProfile profile,
        Optional<Map<String, Object>> overrideParams,
        Optional<ApplyMode> applyMode,
        Optional<String> reason) {}
