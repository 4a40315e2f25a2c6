package dev.toygres.api;

import java.util.List;
import java.util.Optional;

/**
 * All parameters of an instance.
 *
 * @param version how often what is agreed has changed
 * @param profile the one that was applied last, if any
 * @param trouble where a member runs with something else than was agreed, and why
 */
public record InstanceParameters(
        String instanceId,
        String postgresVersion,
        long version,
        Optional<String> profile,
        List<Parameter> parameters,
        List<String> trouble) {}
