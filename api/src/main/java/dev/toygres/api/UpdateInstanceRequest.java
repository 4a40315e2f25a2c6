package dev.toygres.api;

import java.util.Optional;

/** PATCH /instances/{id}, with If-Match: the ETag of the instance as it was read. */
public record UpdateInstanceRequest(Optional<Boolean> deletionProtection) {}
