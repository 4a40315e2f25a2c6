package dev.toygres.api;

import java.util.Optional;

/**
 * Where a restore goes.
 *
 * @param kind NewInstance
 * @param config default: the default size, and a host of our choice
 */
public record RestoreTarget(
        String kind, String instanceId, Optional<RestoreInstanceConfig> config) {}
