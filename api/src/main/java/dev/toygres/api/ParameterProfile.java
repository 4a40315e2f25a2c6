package dev.toygres.api;

import java.util.Map;
import java.util.Optional;

/**
 * A set of parameters for a kind of work.
 *
 * @param kind Oltp, Analytics, GeneralPurpose, Development or Custom
 * @param parameters of Custom: name and value of all that shall be set
 * @param followSize whether its values follow the size of a member when that changes; default: true
 */
public record ParameterProfile(
        String kind, Optional<Map<String, Object>> parameters, Optional<Boolean> followSize) {}
