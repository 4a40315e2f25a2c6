package dev.toygres.api;

import java.time.Instant;
import java.util.Optional;

/**
 * An instance that is gone; another may have its name.
 *
 * @param deletedAt where that is known
 */
public record FormerInstance(Optional<Instant> deletedAt) {}
