package dev.toygres.api;

import java.util.Optional;

/**
 * A parameter of an instance, on its primary. Values as people write them.
 *
 * @param value in force now; absent while the primary cannot be asked
 * @param pendingValue what the next restart will bring; absent when nothing waits
 * @param setValue what a user set; absent when he did not
 * @param driftValue what somebody set with ALTER SYSTEM, which wins
 * @param source where the value is from: user, profile, size, toygres, ALTER SYSTEM or default
 */
public record Parameter(
        String name,
        Optional<String> value,
        Optional<String> pendingValue,
        Optional<String> setValue,
        Optional<String> driftValue,
        String source,
        ParameterDefinition definition) {}
