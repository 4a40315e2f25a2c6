package dev.toygres.api;

import java.util.Optional;

/**
 * PATCH /instances/{id}, with If-Match: the ETag of the instance as it was read. At least one of
 * them; what is absent stays.
 *
 * @param deletionProtection whether it refuses to be deleted
 * @param durability strict: commits wait when no Sync replica is left; preferred: they do not. In
 *     force within seconds
 */
public record UpdateInstanceRequest(
        Optional<Boolean> deletionProtection, Optional<String> durability) {}
