package dev.toygres.orchestrations.instance;

import java.util.Optional;

/**
 * What every flow of an instance is given: all else stands in the catalogue.
 *
 * @param keepBackups of a deletion: whether its backups outlive it; absent: they do
 */
public record InstanceInput(String instanceId, Optional<Boolean> keepBackups) {
    public InstanceInput(String instanceId) {
        this(instanceId, Optional.empty());
    }
}
