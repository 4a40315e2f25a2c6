package dev.toygres.api;

import java.util.Optional;

/**
 * POST /instances/{id}/parameter-changes/{changeId}:revert; may be left out.
 *
 * @param applyMode when; default: Immediate
 * @param reason for the history
 */
public record RevertParametersRequest(Optional<ApplyMode> applyMode, Optional<String> reason) {}
