package dev.toygres.api;

import java.util.Optional;

/**
 * PATCH /instances/{id}, with If-Match: the ETag of the instance as it was read. At least one of
 * them; what is absent stays.
 *
 * @param deletionProtection whether it refuses to be deleted
 * @param durability strict: commits wait when no Sync replica is left; preferred: they do not. In
 *     force within seconds
 * @param readOnlyFallback whether the primary serves the read-only address when no replica does;
 *     without, clients wait there for a replica. In force within seconds
 * @param size of the instance, and of its members that have its size: what is derived from it
 *     changes as parameters do. The answer is 202, and {@code operation} is what does it
 * @param isolationPolicy Fence: a primary that neither a server nor its electors answer stops, and
 *     a lost host is failed over; Serve: it goes on, and a lost host waits for somebody's word
 */
public record UpdateInstanceRequest(
        Optional<Boolean> deletionProtection,
        Optional<String> durability,
        Optional<String> isolationPolicy,
        Optional<Boolean> readOnlyFallback,
        Optional<String> size) {
    /** Only another size. */
    public static UpdateInstanceRequest ofSize(String size) {
        return new UpdateInstanceRequest(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(size));
    }
}
