package dev.toygres.api;

import java.util.Optional;

/**
 * Where a restore goes.
 *
 * @param kind NewInstance or ExistingInstance
 * @param config of a NewInstance; default: the size of the source, and a host of our choice
 * @param confirmDestructive of an ExistingInstance: must be true, its data is replaced
 */
public record RestoreTarget(
        String kind,
        String instanceId,
        Optional<RestoreInstanceConfig> config,
        Optional<Boolean> confirmDestructive) {}
